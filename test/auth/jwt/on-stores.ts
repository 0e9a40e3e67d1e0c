/** What two auths on one store must agree on, and what that store must never learn. */
import assert from 'node:assert/strict'
import { it, type TestContext } from 'node:test'
import { mintRefreshToken } from '../../../src/auth/jwt/refresh-token.ts'
import { systemClock } from '../../../src/clock.ts'
import { memoryUserStore } from '../../../src/storage/memory/users.ts'
import type { Answer } from '../../kit/auth-calls.ts'
import { findSecrets, findTokens } from '../../kit/secret-search.ts'
import type { TestAuthOptions } from '../../kit/servers.ts'
import {
  assertInvalidGrant,
  logInJwt,
  type Pair,
  pairIn,
  postRefresh,
  refreshOn,
  startJwtAuth,
} from './jwt-kit.ts'

export type OpenStore = (
  t: TestContext,
) => Promise<Required<Pick<TestAuthOptions, 'tokens' | 'tokenBacking'>>>

/** With the same user, by connections of their own. */
async function startTwo(t: TestContext, openStore: OpenStore, environment = {}) {
  const users = memoryUserStore()
  const start = async () =>
    startJwtAuth(t, { ...(await openStore(t)), users, clock: systemClock, environment })
  return { one: await start(), other: await start() }
}

/** In turn at both, once their connections are open. */
async function present16Times(
  { one, other }: Awaited<ReturnType<typeof startTwo>>,
  token: string,
): Promise<readonly Answer[]> {
  const presentAtBoth = (presented: string) =>
    Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        postRefresh(index % 2 === 0 ? one.url : other.url, presented),
      ),
    )
  await presentAtBoth(mintRefreshToken('nobody'))
  return await presentAtBoth(token)
}

/** For `describe('two auths on one …')`. */
export function twoAuthsContract(openStore: OpenStore): void {
  it('let one of 16 simultaneous refreshes mint, and give the others its bytes', async (t) => {
    const auths = await startTwo(t, openStore)
    const { refresh } = await logInJwt(auths.one.url)

    const answers = await present16Times(auths, refresh)

    const pairs = answers.map((answer) => JSON.stringify(pairIn(answer)))
    assert.equal(new Set(pairs).size, 1)
  })

  it('let one of 16 simultaneous refreshes succeed where there is no window', async (t) => {
    const auths = await startTwo(t, openStore, { REFRESH_RETRY_SECONDS: '0' })
    const { refresh } = await logInJwt(auths.one.url)

    const answers = await present16Times(auths, refresh)

    const [won, ...more] = answers.filter(({ status }) => status === 200)
    assert.deepEqual(more, [])
    for (const answer of answers.filter((each) => each !== won)) assertInvalidGrant(answer)
    assertInvalidGrant(await postRefresh(auths.other.url, won?.body.refresh_token))
  })

  it('end a family at both for what was presented to one', async (t) => {
    const { one, other } = await startTwo(t, openStore)
    const first = await logInJwt(one.url)
    const second = await refreshOn(other.url, first)
    const third = await refreshOn(one.url, second)

    const reuse = await postRefresh(other.url, first.refresh)

    assertInvalidGrant(reuse)
    assertInvalidGrant(await postRefresh(one.url, third.refresh))
    assertInvalidGrant(await postRefresh(other.url, third.refresh))
  })

  it('end the families of a user at both', async (t) => {
    const { one, other } = await startTwo(t, openStore)
    const pair = await logInJwt(one.url)

    await other.tokens.revokeSubject(one.user.id, other.core.userPurposes())

    assertInvalidGrant(await postRefresh(one.url, pair.refresh))
    assertInvalidGrant(await postRefresh(other.url, pair.refresh))
  })
}

/** Logs in, refreshes, repeats, reuses; then nothing of the tokens is in what the log and the store have. */
export async function assertNoSecretIsKept(
  t: TestContext,
  openStore: OpenStore,
  dump: () => Promise<Readonly<Record<string, Buffer>>>,
): Promise<void> {
  const { one } = await startTwo(t, openStore)
  const first = await logInJwt(one.url)
  const second = await refreshOn(one.url, first)
  const repeated = await refreshOn(one.url, first)
  const reused = await logInJwt(one.url)
  await refreshOn(one.url, await refreshOn(one.url, reused))
  await postRefresh(one.url, reused.refresh)

  const kept = { ...(await dump()), 'the log': Buffer.from(one.log.text()) }

  const secrets = [first, second, repeated, reused].flatMap(secretsOf)
  for (const [where, bytes] of Object.entries(kept)) {
    assert.ok(bytes.length > 0, where)
    assert.deepEqual(findSecrets(bytes, secrets), [], where)
    assert.deepEqual(findTokens(bytes), [], where)
  }
}

/** Whole, and the parts that are secret by themselves. */
function secretsOf({ access, refresh }: Pair): string[] {
  const [, , signature = ''] = access.split('.')
  return [access, signature, refresh, refresh.slice(18, 40), refresh.slice(41)]
}
