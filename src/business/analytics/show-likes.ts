/** `GET /analytics/likes`: how many likes each UTC day has brought, days without any too. */
import { Content, content } from '../../http/content.ts'
import { endpoint } from '../../http/endpoint.ts'
import { Refusal } from '../../http/refusal.ts'
import { choice, count, either, listOf, object, optional, text } from '../../http/shape.ts'
import type { BusinessCore, LikesOfDay } from '../capability.ts'
import { daysOf } from './day-range.ts'

const day = text({ maxLength: 10 })

/** The format stands in the query, not in `Accept`: so a link says it, and no cache must know that answers differ. */
const query = object({ from: day, to: day, format: optional(choice(['json', 'csv'])) })

const days = object({
  days: listOf(object({ day: text(), likes: count() }), { maxItems: 366 }),
})

const csv = 'text/csv; charset=utf-8'
const likesAnswer = either(days, content(csv), (value) => value instanceof Content)

export function showLikes({ checkCaller, likes }: Pick<BusinessCore, 'checkCaller' | 'likes'>) {
  return endpoint({
    summary: 'How many likes each day has brought',
    access: 'user',
    refusals: ['not_found'],
    query,
    answers: { 200: likesAnswer },
  }).handle(async (call) => {
    await checkCaller(call)
    const { from, to, format } = call.query()
    const asked = daysOf({ from, to })
    const counted = likes()
    if (counted === undefined) throw new Refusal('not_found', 'Nothing can be liked here.')
    const found = await counted.likesPerDay({ from, to })
    const likesOf = new Map(found.map((one) => [one.day, one.likes]))
    const filled = asked.map((one) => ({ day: one, likes: likesOf.get(one) ?? 0 }))
    if (format !== 'csv') return { status: 200, body: { days: filled } }
    return { status: 200, body: new Content(csv, csvOf(filled)) }
  })
}

/** RFC 4180. No field needs quotes. */
function csvOf(filled: readonly LikesOfDay[]): string {
  const lines = filled.map((one) => `${one.day},${one.likes}`)
  return ['day,likes', ...lines, ''].join('\r\n')
}
