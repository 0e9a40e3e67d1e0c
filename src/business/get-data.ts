/** `GET /data`: something worth guarding. It greets its reader, and shows the life of the token, so that the reinflation can be seen. */
import { endpoint } from '../http/endpoint.ts'
import { count, object, optional, text } from '../http/shape.ts'
import type { AliveValidation } from '../validation.ts'
import { checkToken } from './check-token.ts'
import type { Validate } from './validator.ts'

const dataAnswer = object({
  data: object({
    greeting: text(),
    /** Whole seconds that the token lives on. */
    expires_in: count(),
    /** Of a token that slides: whole seconds until no request extends it any more. */
    cap_in: optional(count()),
    /** How often it was reinflated. */
    refresh_count: optional(count()),
  }),
})

export function getData({ validate }: { validate: Validate }) {
  return endpoint({
    summary: 'Read what is guarded',
    access: 'user',
    answers: { 200: dataAnswer },
  }).handle(async (call) => {
    const validation = await checkToken(validate, call)
    return { status: 200, body: { data: dataFor(validation) } }
  })
}

/** What a token does not say is left out. */
function dataFor(validation: AliveValidation) {
  const { expires_in } = validation
  if (!('name' in validation))
    return { greeting: 'Hello!', expires_in, cap_in: undefined, refresh_count: undefined }
  const { name, cap_in, refresh_count } = validation
  return { greeting: `Hello, ${name}!`, expires_in, cap_in, refresh_count }
}
