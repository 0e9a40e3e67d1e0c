/**
 * What a run of tests used as tokens, passwords and secrets, in the file that `TEST_SECRETS_FILE` names, one in a line:
 * for who searches afterwards whether a store has kept any of it.
 */
import { appendFileSync, readFileSync } from 'node:fs'

/** Gives the secret back. Does nothing with what is no text, nor where nobody wants to know. */
export function recordSecret<T>(secret: T): T {
  const file = process.env.TEST_SECRETS_FILE
  if (file !== undefined && typeof secret === 'string' && secret !== '') {
    appendFileSync(file, `${JSON.stringify(secret)}\n`)
  }
  return secret
}

/** Each once. */
export function recordedSecrets(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return [...new Set(lines)].map((line) => JSON.parse(line) as string) // written above
}
