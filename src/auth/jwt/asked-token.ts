/** The body of the calls that take a token of any kind (RFC 7009 §2.1, RFC 7662 §2.1). The hint is not needed: the kinds have forms of their own. */
import { object, optional, text } from '../../http/shape.ts'

export const askedToken = {
  shape: object({ token: text(), token_type_hint: optional(text()) }),
  formats: ['form', 'json'],
} as const
