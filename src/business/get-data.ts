/** `GET /data`: something worth guarding. It greets its reader, and shows the life of the token, so that the reinflation can be seen. */
import { endpoint } from '../http/endpoint.ts'
import { count, object, text } from '../http/shape.ts'
import { checkToken } from './check-token.ts'
import type { Validate } from './validator.ts'

const dataAnswer = object({
  data: object({
    greeting: text(),
    /** Whole seconds that the token lives on. */
    expires_in: count(),
    /** Whole seconds until no request extends it any more. */
    cap_in: count(),
    /** How often it was reinflated. */
    refresh_count: count(),
  }),
})

export function getData({ validate }: { validate: Validate }) {
  return endpoint({ answers: { 200: dataAnswer } }).handle(async (call) => {
    const { name, expires_in, cap_in, refresh_count } = await checkToken(validate, call)
    return {
      status: 200,
      body: { data: { greeting: `Hello, ${name}!`, expires_in, cap_in, refresh_count } },
    }
  })
}
