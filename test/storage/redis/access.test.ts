import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { makeCertificate } from '../../kit/certificate.ts'
import { skipUnless } from '../../kit/installed.ts'
import { waitUntil } from '../../kit/processes.ts'
import { startRedis } from '../../kit/redis.ts'
import { assertUnavailable } from '../contract.ts'
import { isAlive, issue, newToken } from '../token-store-kit.ts'
import { openElsewhere } from '../two-processes.ts'
import { openStore } from './open-tokens.ts'
import { canIssue, openLogged, startOwnRedis } from './own-redis.ts'

describe('A Redis that lets nobody in', { skip: skipUnless('redis-server') }, () => {
  it('is a 503 for whoever has the wrong password, which no log names', async (t) => {
    const { redis } = await startOwnRedis(t)
    const { store, log } = openLogged(t, redis.urlAs('sallyport_auth', 'a-wrong-password'))

    await assertUnavailable(store.issue(newToken()))

    assert.match(log.text(), /WRONGPASS/)
    assert.doesNotMatch(log.text(), /a-wrong-password/)
  })

  it('does not have the password written to the log by its complaint', async (t) => {
    const redis = await startRedis(t, { config: ['rename-command AUTH ""'] })
    const { store, log } = openLogged(t, redis.urlAs('sallyport_auth', 'a-password-of-ours'))

    await assertUnavailable(store.issue(newToken()))

    assert.match(log.text(), /Redis cannot be reached/)
    assert.doesNotMatch(log.text(), /a-password-of-ours/)
  })

  it('lets in who gets the right to, without a restart', async (t) => {
    const { redis, url } = await startOwnRedis(t)
    await redis.cli('ACL', 'SETUSER', 'sallyport_auth', 'off')
    const store = openStore(t, url)
    await assertUnavailable(store.issue(newToken()))

    await redis.cli('ACL', 'SETUSER', 'sallyport_auth', 'on')

    await waitUntil(() => canIssue(store), 3)
  })
})

describe('A Redis by TLS', { skip: skipUnless('redis-server', 'openssl') }, () => {
  it('is used where its certificate is trusted, and not used where it is not', async (t) => {
    const certificate = makeCertificate(t)
    const { url } = await startOwnRedis(t, { certificate })
    const trusting = { NODE_EXTRA_CA_CERTS: certificate.certFile }

    const [trusted, stranger] = [await openElsewhere(t, url, trusting), await openElsewhere(t, url)]

    assert.match(url, /^rediss:/)
    assert.equal(await isAlive(trusted, await issue(trusted)), true)
    await assert.rejects(issue(stranger), /The token store did not answer in time\..*self-signed/s)
  })
})
