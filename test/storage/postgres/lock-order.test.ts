import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { tokenStatements } from '../../../src/storage/postgres/statements.ts'
import { connectClient, type DatabaseClient } from '../../kit/database-client.ts'
import { skipUnless } from '../../kit/installed.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'
import { newToken, session } from '../token-store-kit.ts'
import { openTokens } from './open-stores.ts'

const { text } = tokenStatements.sessions.reinflate
const wrongText = text.replace('order by hash', 'order by array_position($1, hash)')
const rounds = 300

describe('overlapping lists in opposite orders', { skip: skipUnless('postgres') }, () => {
  const settings = { deadlock_timeout: '20ms' }
  const server = share((context) => startProvisioned(context, { settings }))

  it('are never in a deadlock, because all rows are locked in one order', async (t) => {
    const lists = await openLists(t)

    const asked = Promise.all(lists.map(({ client, hashes }) => askOften(client, text, hashes)))

    await assert.doesNotReject(asked)
  })

  it('are in one soon where the rows are locked in the order given', async (t) => {
    assert.notEqual(wrongText, text)
    const lists = await openLists(t)

    const asked = Promise.all(
      lists.map(({ client, hashes }) => askOften(client, wrongText, hashes)),
    )

    await assert.rejects(asked, { code: '40P01' })
  })

  async function openLists(t: Parameters<typeof openTokens>[0]) {
    const { auth } = server()
    const store = await openTokens(t, auth)
    const tokens = Array.from({ length: 256 }, () => newToken())
    await Promise.all(tokens.map((token) => store.issue(token)))
    const hashes = tokens.map(({ key }) => key.hash)
    return [
      { client: await connectClient(t, auth), hashes: hashes.slice(0, 192) },
      { client: await connectClient(t, auth), hashes: hashes.slice(64).toReversed() },
    ] as const
  }
})

async function askOften({ ask }: DatabaseClient, text: string, hashes: readonly string[]) {
  for (let round = 0; round < rounds; round++)
    await ask(text, [hashes, session.name, session.ttlSeconds * 1000])
}
