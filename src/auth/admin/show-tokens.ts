/** `GET /admin/tokens`: how many tokens there are of each purpose. Never a token. */
import { endpoint } from '../../http/endpoint.ts'
import { boolean, count, listOf, object, text } from '../../http/shape.ts'
import { checkAdministrator } from '../check-administrator.ts'
import type { SessionDependencies } from '../check-session.ts'

const tokensAnswer = object({
  purposes: listOf(object({ purpose: text(), count: count() }), { maxItems: 100 }),
  /** Whether there are so many that a part was counted and the rest inferred from it. */
  sampled: boolean(),
})

export function showTokens(dependencies: SessionDependencies) {
  return endpoint({ answers: { 200: tokensAnswer } }).handle(async (call) => {
    await checkAdministrator(dependencies, call)
    const { counts, isSampled } = await dependencies.tokens.census()
    const purposes = Object.entries(counts).map(([purpose, count]) => ({ purpose, count }))
    purposes.sort((one, other) => (one.purpose < other.purpose ? -1 : 1))
    return { status: 200, body: { purposes, sampled: isSampled } }
  })
}
