/**
 * Asks auth about a list of tokens. Asking is one thing and judging the answer another: `readValidations` needs no network.
 */
import { type ListedValidation, validationList } from '../validation.ts'
import {
  type AuthAnswer,
  type AuthConnection,
  type AuthRequest,
  postTwice,
} from './auth-connection.ts'
import type { ServiceToken } from './service-token.ts'

/** One validation for each token, in the same order. Rejects where auth gave no such answer. */
export type AskAuth = (tokens: readonly string[]) => Promise<readonly ListedValidation[]>

export function createAskAuth({
  connection,
  serviceToken,
}: {
  connection: AuthConnection
  serviceToken: ServiceToken
}): AskAuth {
  return async (tokens) => {
    const body = JSON.stringify({ tokens })
    const first = serviceToken.held() ?? (await serviceToken.fetch())
    let answer = await postTwice(connection, validationOf(body, first))
    if (answer.status === 401) {
      serviceToken.forget(first)
      answer = await postTwice(connection, validationOf(body, await serviceToken.fetch()))
    }
    return readValidations(answer, tokens.length)
  }
}

function validationOf(body: string, serviceToken: string): AuthRequest {
  const headers = { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' }
  return { path: '/validateToken', headers, body }
}

/** Throws where the answer is not exactly one validation for each of the `asked` tokens; the message repeats nothing of it. */
export function readValidations(
  { status, text }: AuthAnswer,
  asked: number,
): readonly ListedValidation[] {
  if (status !== 200) throw new Error(`auth answered ${status} to a validation`)
  let results: readonly ListedValidation[]
  try {
    results = validationList.check(JSON.parse(text)).results
  } catch {
    throw new Error('auth answered a validation in a form that cannot be read')
  }
  if (results.length !== asked)
    throw new Error(`auth answered ${results.length} validations to ${asked} tokens`)
  return results
}
