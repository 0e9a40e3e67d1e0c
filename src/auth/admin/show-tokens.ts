/** `GET /admin/tokens`: how many tokens there are of each purpose, and of what else lives as long. Never a token. */
import { endpoint } from '../../http/endpoint.ts'
import { boolean, count, listOf, object, text } from '../../http/shape.ts'
import type { Census } from '../../storage/ports.ts'
import type { TakeCensus } from '../capability.ts'
import { checkAdministrator } from '../check-administrator.ts'
import type { SessionDependencies } from '../check-session.ts'

const tokensAnswer = object({
  purposes: listOf(object({ purpose: text(), count: count() }), { maxItems: 100 }),
  /** Whether there are so many that a part was counted and the rest inferred from it. */
  sampled: boolean(),
})

export interface ShowTokensDependencies extends SessionDependencies {
  readonly censuses: () => readonly TakeCensus[]
}

export function showTokens(dependencies: ShowTokensDependencies) {
  const { tokens, censuses } = dependencies

  return endpoint({
    summary: 'Count the tokens by purpose',
    access: 'user',
    refusals: ['insufficient_scope'],
    answers: { 200: tokensAnswer },
  }).handle(async (call) => {
    await checkAdministrator(dependencies, call)
    const found = await Promise.all([tokens.census(), ...censuses().map((take) => take())])
    const purposes = [...sumOf(found)].map(([purpose, count]) => ({ purpose, count }))
    purposes.sort((one, other) => (one.purpose < other.purpose ? -1 : 1))
    return { status: 200, body: { purposes, sampled: found.some(({ isSampled }) => isSampled) } }
  })
}

/** By purposes. */
function sumOf(found: readonly Census[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { counts } of found) {
    for (const [purpose, count] of Object.entries(counts))
      sums.set(purpose, (sums.get(purpose) ?? 0) + count)
  }
  return sums
}
