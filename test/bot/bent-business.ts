/** A business whose calls and answers a test bends on their way. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { listenOnFreePort } from '../kit/listen.ts'

export interface BentCall {
  readonly method: string
  readonly path: string
  /** What business says to it; each time it is called anew. */
  readonly forward: () => Promise<Shown>
}

export interface Shown {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

/** What is answered instead; `cut` ends the connection without an answer. */
export type Bend = (call: BentCall) => Promise<Shown | 'cut'>

/** Resolves with its URL. */
export async function startBentBusiness(
  t: TestContext,
  businessUrl: string,
  bend: Bend,
): Promise<string> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request
    const body = await textOf(request)
    const forward = async (): Promise<Shown> => {
      const answer = await fetch(`${businessUrl}${path}`, {
        method,
        headers: {
          authorization: headers.authorization ?? '',
          'content-type': 'application/json',
        },
        ...(body === '' ? {} : { body }),
      })
      return { status: answer.status, body: (await answer.json()) as Shown['body'] } // business answers objects
    }
    const shown = await bend({ method, path, forward })
    if (shown === 'cut') {
      request.socket.destroy()
      return
    }
    response.writeHead(shown.status, { 'content-type': 'application/json', ...shown.headers })
    response.end(JSON.stringify(shown.body))
  }
  const server = createServer((request, response) => void answer(request, response))
  return await listenOnFreePort(t, server)
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

/** Bends the first such call, and lets all others pass. */
export function first(isMeant: (call: BentCall) => boolean, bend: Bend): Bend {
  let isBent = false
  return async (call) => {
    if (isBent || !isMeant(call)) return await call.forward()
    isBent = true
    return await bend(call)
  }
}
