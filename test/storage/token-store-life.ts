/** Issue, peek, reinflate, take, revoke: what each answers, and what it leaves behind. */
import assert from 'node:assert/strict'
import {
  isAlive,
  issue,
  lasting,
  newToken,
  service,
  session,
  type TokenStoreCase,
  verifyEmail,
} from './token-store-kit.ts'

export const lifeCases: readonly TokenStoreCase[] = [
  {
    sentence: 'can do its work',
    run: async ({ store }) => {
      await store.ping()
    },
  },
  {
    sentence: 'knows nothing of a token that was never issued',
    run: async ({ store }) => {
      const { key } = newToken()

      const answers = [
        await store.peek(key, session),
        await store.revoke(key, session),
        await store.take(key, verifyEmail),
        ...(await store.reinflate([key], session)),
      ]

      assert.deepEqual(answers, [undefined, undefined, undefined, undefined])
    },
  },
  {
    sentence: 'issues a token with all that was asked for and with times by its own clock',
    run: async ({ store }) => {
      const filed = newToken({ name: 'Ünï 😀', scope: 'data:read data:write', context: '{"n":1}' })

      const living = await store.issue(filed)

      const { issuedAt, judgedAt, ...rest } = living ?? assert.fail('nothing was issued')
      assert.equal(judgedAt, issuedAt)
      assert.deepEqual(rest, {
        id: filed.id,
        purpose: 'session',
        sub: filed.sub,
        name: 'Ünï 😀',
        scope: 'data:read data:write',
        context: '{"n":1}',
        expiresAt: issuedAt + 600_000,
        capAt: issuedAt + 3_600_000,
        refreshCount: 0,
      })
    },
  },
  {
    sentence: 'gives a fixed token its expiry as its cap',
    run: async ({ store }) => {
      const { living } = await issue(store, { purpose: service })

      assert.equal(living.expiresAt, living.issuedAt + 900_000)
      assert.equal(living.capAt, living.expiresAt)
    },
  },
  {
    sentence: 'gives a single-use token its expiry as its cap',
    run: async ({ store }) => {
      const { living } = await issue(store, { purpose: verifyEmail })

      assert.equal(living.expiresAt, living.issuedAt + 1_200_000)
      assert.equal(living.capAt, living.expiresAt)
    },
  },
  {
    sentence: 'shows a token at a peek as it was issued, and changes nothing by it',
    run: async ({ store, pass }) => {
      const { key, living } = await issue(store, { scope: 'data:read', context: 'context' })
      await pass(50)

      const first = await store.peek(key, session)
      const second = await store.peek(key, session)

      assert.deepEqual(lasting(first), lasting(living))
      assert.deepEqual(lasting(second), lasting(living))
    },
  },
  {
    sentence: 'counts the reinflations and changes nothing else but the expiry',
    run: async ({ store }) => {
      const { key, living } = await issue(store, { scope: 'data:read', context: 'context' })

      await store.reinflate([key], session)
      await store.reinflate([key], session)
      const [third] = await store.reinflate([key], session)

      const expiresAt = third?.expiresAt ?? 0
      assert.deepEqual(lasting(third), { ...lasting(living), refreshCount: 3, expiresAt })
      assert.deepEqual(lasting(await store.peek(key, session)), lasting(third))
    },
  },
  {
    sentence: 'gives a single-use token to the first taker, whole, and to nobody after',
    run: async ({ store }) => {
      const { key, living } = await issue(store, { purpose: verifyEmail, context: 'context' })

      const taken = await store.take(key, verifyEmail)

      assert.deepEqual(lasting(taken), lasting(living))
      assert.equal(await store.take(key, verifyEmail), undefined)
      assert.equal(await store.peek(key, verifyEmail), undefined)
      assert.equal(await store.revoke(key, verifyEmail), undefined)
    },
  },
  {
    sentence: 'leaves a single-use token alone that is only peeked at',
    run: async ({ store }) => {
      const { key, living } = await issue(store, { purpose: verifyEmail })

      await store.peek(key, verifyEmail)

      assert.deepEqual(lasting(await store.take(key, verifyEmail)), lasting(living))
    },
  },
  {
    sentence: 'revokes a reinflating token for good, and says once what it was',
    run: async ({ store }) => {
      const { key, living } = await issue(store)

      const revoked = await store.revoke(key, session)

      assert.deepEqual(lasting(revoked), lasting(living))
      assert.deepEqual(await store.reinflate([key], session), [undefined])
      assert.equal(await store.peek(key, session), undefined)
      assert.equal(await store.revoke(key, session), undefined)
    },
  },
  {
    sentence: 'revokes a fixed token for good',
    run: async ({ store }) => {
      const { key, living } = await issue(store, { purpose: service })

      const revoked = await store.revoke(key, service)

      assert.deepEqual(lasting(revoked), lasting(living))
      assert.equal(await store.peek(key, service), undefined)
    },
  },
  {
    sentence: 'gives a revoked single-use token to nobody',
    run: async ({ store }) => {
      const { key, living } = await issue(store, { purpose: verifyEmail })

      const revoked = await store.revoke(key, verifyEmail)

      assert.deepEqual(lasting(revoked), lasting(living))
      assert.equal(await store.take(key, verifyEmail), undefined)
    },
  },
  {
    sentence: 'revokes one token and leaves the others of the same subject alone',
    run: async ({ store }) => {
      const one = await issue(store)
      const other = await issue(store, { sub: one.sub })

      await store.revoke(one.key, session)

      assert.equal(await isAlive(store, one), false)
      assert.equal(await isAlive(store, other), true)
    },
  },
]
