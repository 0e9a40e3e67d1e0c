/**
 * The life of tokens that die while somebody looks, on a clock that nobody can move: many lives at once, each of random
 * operations with pauses between them. Near the boundary everything is allowed that the store does not contradict later:
 * who once was dead stays so.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it, type TestContext } from 'node:test'
import fc from 'fast-check'
import type {
  LivingToken,
  Purpose,
  ReinflatingPurpose,
  TokenStore,
  TokenSweeper,
} from '../../src/storage/ports.ts'
import {
  briefService,
  briefSession,
  briefSingleUse,
  lasting,
  newToken,
  passRealTime,
} from './token-store-kit.ts'
import type { Known } from './token-store-knowledge.ts'

type BriefStore = TokenStore & Partial<TokenSweeper>

const livesAtOnce = 100
const longestMilliseconds = 5_000
/** On either side of the end of a token: so late a call may be, or so wrong a clock. */
const marginMilliseconds = 500

const cappedSession: ReinflatingPurpose = { ...briefSession, capSeconds: 3 }
const purposes = [cappedSession, briefService, briefSingleUse] as const

type Act =
  | { readonly act: 'issue' | 'revokeSubject'; readonly purpose: Purpose }
  | { readonly act: 'reinflate' | 'peek' | 'end'; readonly token: number }
  | { readonly act: 'evict' }

/** Tokens go by number, modulo those that there are. */
const token = fc.nat(5)
const purpose = fc.constantFrom<Purpose>(...purposes)
const act = fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<Act> }[]>(
  { weight: 3, arbitrary: fc.record({ act: fc.constant('issue' as const), purpose }) },
  { weight: 6, arbitrary: fc.record({ act: fc.constant('reinflate' as const), token }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('peek' as const), token }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('end' as const), token }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('revokeSubject' as const), purpose }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('evict' as const) }) },
)
const pauseMilliseconds = fc.integer({ min: 0, max: 900 })
const step = fc.record({ pauseMilliseconds, act })
const life = fc.array(step, { minLength: 10, maxLength: 15 })

export function briefTokenStoreModel(
  name: string,
  open: (t: TestContext) => Promise<{ readonly store: BriefStore }>,
): void {
  describe(`${name} under random operations on tokens that soon die`, () => {
    it('does at every step what the model foretells', async (t) => {
      const { store } = await open(t)
      const lives = fc.sample(life, livesAtOnce)

      const lived = lives.map(async (steps) => {
        const done: unknown[] = []
        const until = Date.now() + longestMilliseconds
        const perform = startLife(store)
        try {
          for (const { pauseMilliseconds, act } of steps) {
            if (Date.now() + pauseMilliseconds > until) break
            await passRealTime(pauseMilliseconds)
            done.push([Date.now(), act])
            await perform(act)
          }
        } catch (error) {
          throw new Error(`differed from the model after ${JSON.stringify(done)}`, { cause: error })
        }
      })

      await Promise.all(lived)
    })
  })
}

function startLife(store: BriefStore) {
  const sub = randomUUID()
  const tokens: Known[] = []

  /** Asks about a token, and checks the answer by what is known of it. The answer is what is known from then on. */
  async function ask(
    { last }: Known,
    call: () => Promise<LivingToken | undefined>,
    foretell: (before: NonNullable<Known['last']>, judgedAt: number) => Known['last'] = (one) =>
      one,
  ): Promise<Known['last']> {
    const askedAt = Date.now()
    const answer = await call()
    const answeredAt = Date.now()
    if (answer === undefined) {
      const lackMilliseconds = (last?.expiresAt ?? 0) - answeredAt
      assert.ok(lackMilliseconds < marginMilliseconds, `it died ${lackMilliseconds} ms too early`)
      return undefined
    }
    assert.ok(last !== undefined, 'what was dead is alive')
    const { judgedAt } = answer
    assert.ok(judgedAt < last.expiresAt, 'it was alive when it was judged')
    assert.ok(askedAt < last.expiresAt + marginMilliseconds, 'it lives on after its end')
    const isJudgedMeanwhile =
      judgedAt > askedAt - marginMilliseconds && judgedAt < answeredAt + marginMilliseconds
    assert.ok(isJudgedMeanwhile, 'it was judged at another time')
    assert.deepEqual(lasting(answer), foretell(last, judgedAt))
    return lasting(answer)
  }

  async function issue(purpose: Purpose): Promise<void> {
    const mark = (await store.marks(sub, [purpose])).get(purpose.name)
    const filed = newToken({ sub, purpose, mark })
    const answer = await store.issue(filed)
    assert.ok(answer !== undefined, 'nothing was issued')
    const { issuedAt, expiresAt, capAt } = answer
    const capSeconds = purpose.flavour === 'reinflating' ? purpose.capSeconds : purpose.ttlSeconds
    assert.deepEqual(
      [expiresAt, capAt],
      [issuedAt + purpose.ttlSeconds * 1000, issuedAt + capSeconds * 1000],
    )
    tokens.push({ key: filed.key, purpose, last: lasting(answer) })
  }

  async function reinflate(known: Known): Promise<void> {
    const call = async () => (await store.reinflate([known.key], cappedSession))[0]
    known.last = await ask(known, call, (before, judgedAt) => {
      const slid = Math.min(judgedAt + cappedSession.ttlSeconds * 1000, before.capAt)
      const expiresAt = Math.max(before.expiresAt, slid)
      return { ...before, expiresAt, refreshCount: before.refreshCount + 1 }
    })
  }

  async function end(known: Known): Promise<void> {
    const { key, purpose } = known
    await ask(known, () =>
      purpose.flavour === 'single_use' ? store.take(key, purpose) : store.revoke(key, purpose),
    )
    known.last = undefined
  }

  return async (one: Act): Promise<void> => {
    const known = 'token' in one ? tokens[one.token % tokens.length] : undefined
    switch (one.act) {
      case 'issue':
        return await issue(one.purpose)
      case 'reinflate':
        if (known?.purpose === cappedSession) await reinflate(known)
        return
      case 'peek':
        if (known !== undefined)
          known.last = await ask(known, () => store.peek(known.key, known.purpose))
        return
      case 'end':
        if (known !== undefined) await end(known)
        return
      case 'revokeSubject':
        await store.revokeSubject(sub, [one.purpose])
        for (const ended of tokens) if (ended.purpose === one.purpose) ended.last = undefined
        return
      case 'evict':
        await store.evictExpired?.(1) // few, so that most of the dead can still be asked about
    }
  }
}
