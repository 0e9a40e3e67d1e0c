/**
 * The life of tokens under random operations, compared with a model that is too simple to be wrong: what is known of
 * each token is what the store last said of it, and once it has ended it stays so.
 *
 * Where the clock can be moved, it is, backwards too, and every instant is foretold. Elsewhere nothing expires during a
 * run, and the model takes the store's word for what time it is. What a store does not have is left out: stepping, and
 * sweeping.
 */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import fc from 'fast-check'
import {
  type Mark,
  markLifeSeconds,
  type Purpose,
  type TokenStore,
  type TokenSweeper,
} from '../../src/storage/ports.ts'
import { newToken, type OpenedExactly, verifyEmail } from './token-store-kit.ts'
import { createKnowledge, type Known, placeOf } from './token-store-knowledge.ts'
import {
  type IssueOperation,
  modelPurposes,
  modelSession,
  type Operation,
  operations,
  subjects,
} from './token-store-operations.ts'

export interface OpenedForModel extends Partial<Pick<OpenedExactly, 'now' | 'step'>> {
  readonly store: TokenStore & Partial<TokenSweeper>
}

export interface ModelOptions {
  readonly runs: number
  /** For a run that must go the same way every time. */
  readonly seed?: number
}

type OpenForModel = (t: TestContext) => Promise<OpenedForModel>

export function tokenStoreModel(name: string, open: OpenForModel, options: ModelOptions): void {
  describe(`${name} under random operations`, () => {
    it('does at every step what the model foretells', async (t) => {
      await compareWithModel(t, open, options)
    })
  })
}

/** Rejects where the store is once found to differ from the model. */
export async function compareWithModel(
  t: TestContext,
  open: OpenForModel,
  { runs, ...seed }: ModelOptions,
): Promise<void> {
  const property = fc.asyncProperty(operations, async (list) => {
    const run = startRun(await open(t))
    await run.letLook()
    for (const operation of list) await run.perform(operation)
    await run.checkAll()
  })
  await fc.assert(property, { numRuns: runs, ...seed })
}

function startRun({ store, now, step }: OpenedForModel) {
  const { tokens, look, pick, living, check, presentMark, setMark } = createKnowledge(now)
  const marksRead = new Map<string, Mark | undefined>()

  /** Any call: so that the store has seen every instant that the model has. */
  async function letLook(): Promise<void> {
    look()
    check(await store.peek(newToken().key, modelSession), undefined)
  }

  async function issue({ subject, purpose, hasFreshMark }: IssueOperation): Promise<void> {
    const sub = subjects[subject] ?? ''
    const mark = hasFreshMark ? presentMark(sub, purpose) : marksRead.get(placeOf(sub, purpose))
    const filed = newToken({ sub, purpose, mark, scope: 'data:read' })
    const token: Known = { key: filed.key, purpose, last: undefined }
    tokens.push(token)

    const answer = await store.issue(filed)

    const present = presentMark(sub, purpose)
    if (present !== undefined && present !== mark) {
      check(answer, undefined)
      return
    }
    const issuedAt = now === undefined ? (answer?.issuedAt ?? 0) : look()
    const capSeconds = purpose.flavour === 'reinflating' ? purpose.capSeconds : purpose.ttlSeconds
    token.last = {
      id: filed.id,
      purpose: purpose.name,
      sub,
      name: filed.name,
      scope: filed.scope,
      context: filed.context,
      issuedAt,
      expiresAt: issuedAt + purpose.ttlSeconds * 1000,
      capAt: issuedAt + capSeconds * 1000,
      refreshCount: 0,
    }
    check(answer, token.last)
  }

  async function reinflate(numbers: readonly number[]): Promise<void> {
    const named = [...new Set(numbers.map(pick))].filter((token) => token !== undefined)

    const answers = await store.reinflate(
      named.map(({ key }) => key),
      modelSession,
    )

    assert.equal(answers.length, named.length)
    for (const [index, token] of named.entries()) {
      const answer = answers[index]
      const before = living(token, modelSession)
      if (before === undefined) {
        check(answer, undefined)
        continue
      }
      const slid = (answer?.judgedAt ?? 0) + modelSession.ttlSeconds * 1000
      const expiresAt = Math.max(before.expiresAt, Math.min(slid, before.capAt))
      token.last = { ...before, expiresAt, refreshCount: before.refreshCount + 1 }
      check(answer, token.last)
    }
  }

  async function take(token: Known, takers: number): Promise<void> {
    const expected = living(token, verifyEmail)

    const answers = await Promise.all(
      Array.from({ length: takers }, () => store.take(token.key, verifyEmail)),
    )

    const winners = answers.filter((answer) => answer !== undefined)
    assert.ok(winners.length <= 1)
    check(winners[0], expected)
    if (expected !== undefined) token.last = undefined
  }

  async function revoke(token: Known, purpose: Purpose): Promise<void> {
    const expected = living(token, purpose)
    check(await store.revoke(token.key, purpose), expected)
    if (expected !== undefined) token.last = undefined
  }

  async function revokeSubject(sub: string, purposes: readonly Purpose[]): Promise<void> {
    await store.revokeSubject(sub, purposes)

    for (const token of tokens)
      if (token.last?.sub === sub && purposes.includes(token.purpose)) token.last = undefined
    const fresh = await store.marks(sub, purposes)
    assert.equal(fresh.size, purposes.length)
    for (const purpose of purposes) {
      const mark = fresh.get(purpose.name) ?? assert.fail('an ended subject has a mark')
      assert.notEqual(mark, presentMark(sub, purpose))
      setMark(sub, purpose, mark, markLifeSeconds(purpose))
    }
  }

  async function readMarks(sub: string): Promise<void> {
    const answer = await store.marks(sub, modelPurposes)
    for (const purpose of modelPurposes) {
      assert.equal(answer.get(purpose.name), presentMark(sub, purpose))
      marksRead.set(placeOf(sub, purpose), answer.get(purpose.name))
    }
  }

  async function evict(limit: number): Promise<void> {
    const result = await store.evictExpired?.(limit)
    assert.ok(result === undefined || result.evicted <= limit)
  }

  async function perform(operation: Operation): Promise<void> {
    const token = 'token' in operation ? pick(operation.token) : undefined
    const sub = 'subject' in operation ? (subjects[operation.subject] ?? '') : ''
    const purpose = token && underWhich(token.purpose, operation)
    switch (operation.act) {
      case 'issue':
        return await issue(operation)
      case 'reinflate':
        return await reinflate(operation.tokens)
      case 'peek':
        if (token !== undefined && purpose !== undefined)
          check(await store.peek(token.key, purpose), living(token, purpose))
        return
      case 'take':
        if (token !== undefined) await take(token, operation.takers)
        return
      case 'revoke':
        if (token !== undefined && purpose !== undefined) await revoke(token, purpose)
        return
      case 'revokeSubject':
        return await revokeSubject(sub, operation.purposes)
      case 'readMarks':
        return await readMarks(sub)
      case 'evict':
        return await evict(operation.limit)
      case 'step':
        step?.(operation.milliseconds)
        return await letLook()
    }
  }

  /** Nothing is lost but what is dead, and nothing that is dead is found. */
  async function checkAll(): Promise<void> {
    await evict(1_000)
    for (const token of tokens)
      check(await store.peek(token.key, token.purpose), living(token, token.purpose))
    for (const sub of subjects) await readMarks(sub)
  }

  return { letLook, perform, checkAll }
}

function underWhich(own: Purpose, operation: Operation): Purpose | undefined {
  const isOwn = !('isUnderItsPurpose' in operation) || operation.isUnderItsPurpose
  return isOwn ? own : modelPurposes.find((purpose) => purpose !== own)
}
