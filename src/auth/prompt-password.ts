/** Asks a terminal for a new password, twice, and shows nothing of it. */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

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
