import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { subjectTagOf, type TokenStore } from '../../../src/storage/ports.ts'
import { changeKey } from '../../../src/storage/redis/keys.ts'
import { skipUnless } from '../../kit/installed.ts'
import { isAlive, issue, markOf, session, verifyEmail } from '../token-store-kit.ts'
import { shareRedis } from './open-tokens.ts'

const purposes = [session, verifyEmail]

describe('What a change has ended in Redis', { skip: skipUnless('redis-server') }, () => {
  const { server, open } = shareRedis()

  it('is not lasting at once, nor where it is said again at once', async (t) => {
    const { store } = await open(t)

    assert.deepEqual(await end(store), { isLasting: false })
    assert.deepEqual(await end(store), { isLasting: false })
    assert.deepEqual(await store.revokeSubject('somebody', purposes), { isLasting: false })
  })

  it('is lasting five seconds after the change, for all purposes', async (t) => {
    const { store } = await open(t)
    await end(store)
    const mark = await markOf(store, 'somebody', session)

    await letPass(session.name, 6_000)
    const one = await end(store)
    await letPass(verifyEmail.name, 6_000)
    const both = await end(store)

    assert.deepEqual([one, both], [{ isLasting: false }, { isLasting: true }])
    assert.equal(await markOf(store, 'somebody', session), mark)
  })

  it('is not lasting where it was forgotten, and is ended again', async (t) => {
    const { store } = await open(t)
    await end(store)
    for (const { name } of purposes) await letPass(name, 6_000)
    await server().cli('FLUSHALL')
    const issued = await issue(store, { sub: 'somebody' })

    const again = await end(store)

    assert.deepEqual(again, { isLasting: false })
    assert.equal(await isAlive(store, issued), false)
  })

  it('is not lasting where a version before did not say when', async (t) => {
    const { store } = await open(t)
    await end(store)
    await server().cli('SET', keyOf(session.name), '', 'KEEPTTL')
    await letPass(verifyEmail.name, 6_000)
    const mark = await markOf(store, 'somebody', session)

    const again = await end(store)

    assert.deepEqual(again, { isLasting: false })
    assert.equal(await markOf(store, 'somebody', session), mark)
  })

  function end(store: TokenStore) {
    return store.revokeSubject('somebody', purposes, 'a change')
  }

  /** Makes a change older than it is. */
  async function letPass(purposeName: string, milliseconds: number): Promise<void> {
    const madeAt = Number(await server().cli('GET', keyOf(purposeName)))
    await server().cli('SET', keyOf(purposeName), String(madeAt - milliseconds), 'KEEPTTL')
  }
})

function keyOf(purposeName: string): string {
  return changeKey(subjectTagOf('somebody'), purposeName, 'a change')
}
