/** Stores of signing keys with one flaw each. */
import type { NewSigningKey, SigningKey, SigningKeys } from '../../../src/auth/jwt/signing-keys.ts'
import { memorySigningKeys } from '../../../src/auth/jwt/signing-keys-memory.ts'
import { manualClock } from '../../kit/clock.ts'
import type { Flaw } from '../../storage/wrong-store.ts'
import type { OpenedSigningKeys } from './signing-keys-kit.ts'

type SigningKeysFlaw = Flaw<OpenedSigningKeys>
type Spoil = (right: SigningKeys, now: () => number) => Partial<SigningKeys>

function flaw(what: string, isCaughtBy: string, spoil: Spoil): SigningKeysFlaw {
  const open = async () => {
    const clock = manualClock()
    const right = memorySigningKeys(clock)
    const pass = async (milliseconds: number) => clock.advance(milliseconds)
    return { keys: { ...right, ...spoil(right, clock.now) }, pass }
  }
  return { what, isCaughtBy, open }
}

/** What `read` answers of each key is changed. */
const reading =
  (change: (key: SigningKey) => SigningKey): Spoil =>
  (right) => ({
    read: async () => {
      const { keys, judgedAt } = await right.read()
      return { keys: keys.map(change), judgedAt }
    },
  })

/** Hands out what it was given, where it still has it. */
function remembering(right: SigningKeys): SigningKeys {
  const given = new Map<string, NewSigningKey>()
  const remember = (key: NewSigningKey) => void given.set(key.kid, key)
  return {
    begin: async (key) => {
      remember(key)
      return await right.begin(key)
    },
    rotate: async (key, times) => {
      remember(key)
      return await right.rotate(key, times)
    },
    replaceAll: async (last, key) => {
      remember(key)
      return await right.replaceAll(last, key)
    },
    read: async () => {
      const { keys, judgedAt } = await right.read()
      return { keys: keys.map((key) => ({ ...key, ...given.get(key.kid) })), judgedAt }
    },
  }
}

const beginnings: readonly SigningKeysFlaw[] = [
  flaw(
    'looks first whether there is a key and begins after',
    'lets exactly one of 16 simultaneous beginners file',
    (right) => ({
      begin: async (key) => {
        if ((await right.read()).keys.length > 0) return false
        await right.begin(key)
        return true
      },
    }),
  ),
  flaw(
    'begins again where there is a key',
    'begins once, and files nothing the second time',
    (right) => ({
      begin: async (key) => {
        const last = (await right.read()).keys.at(-1)
        return last === undefined ? await right.begin(key) : await right.replaceAll(last.kid, key)
      },
    }),
  ),
  flaw(
    'begins with a key that does not sign',
    'files the first key, which signs at once and has no end',
    reading((key) => ({ ...key, currentAt: key.currentAt + 600_000 })),
  ),
  flaw(
    'keeps the key that it was given instead of a copy',
    'keeps a copy of a key: what becomes of the original changes nothing',
    remembering,
  ),
  flaw(
    'answers with its own records instead of copies',
    'answers with copies: what becomes of them changes nothing',
    (right) => {
      const own = new Map<string, SigningKey>()
      return {
        read: async () => {
          const { keys, judgedAt } = await right.read()
          for (const key of keys) own.set(key.kid, own.get(key.kid) ?? key)
          return { keys: keys.map((key) => own.get(key.kid) ?? key), judgedAt }
        },
      }
    },
  ),
  flaw(
    'says what time it was when it was opened',
    'has no keys at first, and says what time it is',
    (right, now) => {
      const judgedAt = now()
      return { read: async () => ({ ...(await right.read()), judgedAt }) }
    },
  ),
]

const rotations: readonly SigningKeysFlaw[] = [
  flaw(
    'looks first whether the last key signs and rotates after',
    'rotates once where 16 ask for it at once, 20 times',
    (right, now) => ({
      rotate: async (key, times) => {
        const last = (await right.read()).keys.at(-1)
        if (last === undefined || last.currentAt > now()) return false
        await right.rotate(key, times)
        return true
      },
    }),
  ),
  flaw(
    'puts one next key behind the other',
    'rotates nothing where the last key does not sign yet',
    (right) => {
      const added: SigningKey[] = []
      return {
        rotate: async (key, times) => {
          if (await right.rotate(key, times)) return true
          added.push({ ...key, currentAt: 0, retiredAt: undefined, removedAt: undefined })
          return true
        },
        read: async () => {
          const { keys, judgedAt } = await right.read()
          return { keys: [...keys, ...added], judgedAt }
        },
      }
    },
  ),
  flaw(
    'rotates where there is nothing to rotate',
    'rotates nothing where there are no keys',
    (right) => ({
      rotate: async (key, times) => (await right.begin(key)) || (await right.rotate(key, times)),
    }),
  ),
  flaw(
    'lets the next key sign at once',
    'puts the next key behind the current, whose end is its beginning',
    (right) => ({
      rotate: (key, times) => right.rotate(key, { ...times, publishedBeforeMilliseconds: 0 }),
    }),
  ),
  flaw(
    'leaves the current key without an end',
    'puts the next key behind the current, whose end is its beginning',
    reading((key) => ({ ...key, retiredAt: undefined })),
  ),
  flaw(
    'removes a key as soon as it retires',
    'has a retired key until it is removed, and not after',
    (right) => ({
      rotate: (key, times) => right.rotate(key, { ...times, publishedAfterMilliseconds: 0 }),
    }),
  ),
  flaw('never removes a key', 'has a retired key until it is removed, and not after', (right) => ({
    rotate: (key, times) =>
      right.rotate(key, { ...times, publishedAfterMilliseconds: Number.MAX_SAFE_INTEGER / 2 }),
  })),
  flaw(
    'waits for longer than until the last key signs',
    'rotates again as soon as the last key signs',
    (right, now) => ({
      rotate: async (key, times) => {
        const last = (await right.read()).keys.at(-1)
        return last !== undefined && last.currentAt + 1_000 > now() && last.currentAt > 0
          ? false
          : await right.rotate(key, times)
      },
    }),
  ),
]

const replacements: readonly SigningKeysFlaw[] = [
  flaw(
    'replaces whichever key is the last',
    'replaces nothing where another key is the last',
    (right) => ({
      replaceAll: async (_, key) =>
        await right.replaceAll((await right.read()).keys.at(-1)?.kid ?? '', key),
    }),
  ),
  flaw(
    'looks first which key is the last and replaces after',
    'replaces once where 16 know the same last key, 20 times',
    (right) => ({
      replaceAll: async (last, key) => {
        if ((await right.read()).keys.at(-1)?.kid !== last) return false
        await right.replaceAll(last, key)
        return true
      },
    }),
  ),
  flaw(
    'begins where there is nothing to replace',
    'replaces nothing where there are no keys',
    (right) => ({
      replaceAll: async (last, key) =>
        (await right.begin(key)) || (await right.replaceAll(last, key)),
    }),
  ),
  flaw(
    'lets the one that replaces all wait for its time',
    'replaces all keys, the next one too, by one that signs at once',
    reading((key) => ({ ...key, currentAt: key.currentAt + 600_000 })),
  ),
  flaw(
    'puts the new key behind those that it should replace',
    'replaces all keys, the next one too, by one that signs at once',
    (right) => {
      let kept: readonly SigningKey[] = []
      return {
        replaceAll: async (last, key) => {
          const { keys } = await right.read()
          const isFiled = await right.replaceAll(last, key)
          if (isFiled) kept = keys
          return isFiled
        },
        read: async () => {
          const { keys, judgedAt } = await right.read()
          return { keys: [...kept, ...keys], judgedAt }
        },
      }
    },
  ),
]

export const wrongSigningKeys = [...beginnings, ...rotations, ...replacements]
