/** Parts of auth that fail or wait when a test tells them to. */
import type { SessionIndex } from '../../../src/auth/sessions/session-index.ts'
import { unavailable } from '../../../src/http/refusal.ts'
import type { Passwords } from '../../../src/passwords/passwords.ts'
import { memoryTokenStore } from '../../../src/storage/memory/tokens.ts'
import type { TokenStore } from '../../../src/storage/ports.ts'
import { cheapPasswords } from '../../kit/auth-parts.ts'
import { createGate } from '../../kit/gate.ts'

/** A token store that, once told, does not end what it is asked to end next. */
export function failingTokens() {
  const store = memoryTokenStore({ now: Date.now, maxTokens: 1_000, reservedPlaces: 1 })
  let isFailing = false

  function failWhereTold(): void {
    if (!isFailing) return
    isFailing = false
    throw unavailable('The store went away.')
  }

  const tokens: TokenStore = {
    ...store,
    async revoke(key, purpose) {
      failWhereTold()
      return await store.revoke(key, purpose)
    },
    async revokeSubject(sub, purposes) {
      failWhereTold()
      return await store.revokeSubject(sub, purposes)
    },
  }
  const failNext = () => {
    isFailing = true
  }
  return { tokens, failNext, count: () => store.count() }
}

/** An index of which one method fails. */
export function failingIndex(right: SessionIndex, method: keyof SessionIndex): SessionIndex {
  return {
    ...right,
    [method]: async () => {
      throw unavailable('The index went away.')
    },
  }
}

/** Passwords whose next verdict, once found, is kept back until the test releases it. */
export function passwordsThatHold() {
  const right = cheapPasswords()
  const checked = createGate()
  const released = createGate()
  let isHolding = false
  const passwords: Passwords = {
    hash: (password) => right.hash(password),
    async check(password, stored) {
      const verdict = await right.check(password, stored)
      if (!isHolding) return verdict
      isHolding = false
      checked.open()
      await released.opened
      return verdict
    },
  }
  const holdNext = () => {
    isHolding = true
  }
  return { passwords, holdNext, checked: checked.opened, release: () => released.open() }
}
