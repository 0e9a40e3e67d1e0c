/** The password for a new account: from the configuration, or asked of a terminal, twice, which shows nothing of it. */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { StartError } from '../start-error.ts'

export interface Terminal {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

/** `undefined` where the two are not the same, or whoever was asked has gone. */
export async function promptPassword({ input, output }: Terminal): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  // A terminal that readline drives echoes nothing by itself, and readline echoes to nowhere. No history: the arrows must
  // not bring the first password back as the second.
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
  const answers = lines[Symbol.asyncIterator]()
  const ask = async (question: string) => {
    output.write(question)
    const { value, done } = await answers.next()
    output.write('\n')
    return done === true ? undefined : (value as string)
  }
  try {
    const first = await ask('Password: ')
    if (first === undefined) return undefined
    return (await ask('Once more: ')) === first ? first : undefined
  } finally {
    lines.close()
  }
}

/** What a script that makes an account was given, or asks for. `variable` names where it may be set. */
export async function obtainPassword(
  configured: string | undefined,
  variable: string,
): Promise<string> {
  if (configured !== undefined) return configured
  if (!process.stdin.isTTY) {
    const sentence = `there is no terminal to ask, and neither ${variable} nor ${variable}_FILE is set.`
    throw new StartError(sentence)
  }
  const typed = await promptPassword({ input: process.stdin, output: process.stderr })
  if (typed === undefined) throw new StartError('the password was not typed twice the same.')
  return typed
}
