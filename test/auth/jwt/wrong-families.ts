/** Refresh families with one flaw each. */
import type { NewFamily, RefreshFamilies } from '../../../src/auth/jwt/refresh-families.ts'
import type { TokenHash } from '../../../src/storage/ports.ts'
import { type Families, type FamiliesFlaw, flaw, misled } from './wrong-families-kit.ts'
import { wrongLists } from './wrong-family-lists.ts'

/** What was opened, by its id, to be opened again. */
function remembering(right: RefreshFamilies) {
  const opened = new Map<string, NewFamily>()
  const open: RefreshFamilies['open'] = async (family) => {
    opened.set(family.place.id, family)
    return await right.open(family)
  }
  const reopen = async (id: string, tokenHash: TokenHash) => {
    const family = opened.get(id)
    if (family !== undefined) await right.open({ ...family, tokenHash })
  }
  return { open, reopen }
}

/** Whoever found the presented token good rotates, whatever others have done meanwhile. */
function lookFirst(right: Families): Partial<Families> {
  const goodById = new Map<string, TokenHash>()
  return {
    rotate: async (place, rotation) => {
      const [found] = await right.peek([place])
      if (found?.tokenHash !== rotation.presented) return await right.rotate(place, rotation)
      const presented = goodById.get(place.id) ?? rotation.presented
      goodById.set(place.id, rotation.next)
      return await right.rotate(place, { ...rotation, presented })
    },
  }
}

const rotations: readonly FamiliesFlaw[] = [
  flaw(
    'looks first which token is good and rotates after',
    'rotates for one of 16 simultaneous presenters, and the others get its answer',
    lookFirst,
  ),
  flaw(
    'looks first whether a family was rotated and rotates after, without a window',
    'rotates for one of 16 simultaneous presenters without a window, and the next one kills',
    lookFirst,
  ),
  flaw(
    'answers a repeat with the answer that the repeater brought',
    'repeats the answer to the immediate parent as often as it is asked, and changes nothing',
    (right) => ({
      rotate: async (place, rotation) => {
        const outcome = await right.rotate(place, rotation)
        const { sealedAnswer } = rotation
        return outcome.kind === 'repeat' ? { kind: 'repeat', sealedAnswer } : outcome
      },
    }),
  ),
  flaw(
    'accepts the grandparent',
    'kills a family whose grandparent token comes, though all windows are open',
    (right) => {
      const answers = new Map<TokenHash, string>()
      return {
        rotate: async (place, rotation) => {
          const { presented, sealedAnswer } = rotation
          const earlier = answers.get(presented)
          if (earlier !== undefined) return { kind: 'repeat', sealedAnswer: earlier }
          const outcome = await right.rotate(place, rotation)
          if (outcome.kind === 'rotated') answers.set(presented, sealedAnswer)
          return outcome
        },
      }
    },
  ),
  flaw(
    'counts no rotation',
    'rotates by the token that is good, and tells the next one and how many came before',
    (right) => ({
      peek: async (places) =>
        (await right.peek(places)).map((family) => family && { ...family, rotations: 0 }),
    }),
  ),
]

const kills: readonly FamiliesFlaw[] = [
  flaw(
    'reports a token that was never one of its own, and leaves the family alone',
    'kills a family for a token that was never one of its own, and says whose it was',
    (right) => ({
      rotate: async (place, rotation) => {
        const [family] = await right.peek([place])
        if (family !== undefined && family.tokenHash !== rotation.presented)
          return { kind: 'reused', family }
        return await right.rotate(place, rotation)
      },
    }),
  ),
  flaw(
    'takes back a kill with the error that reports it',
    'kills a family whose parent token comes where there is no window',
    (right) => {
      const { open, reopen } = remembering(right)
      return {
        open,
        rotate: async (place, rotation) => {
          const outcome = await right.rotate(place, rotation)
          if (outcome.kind === 'reused') await reopen(place.id, outcome.family.tokenHash)
          return outcome
        },
      }
    },
  ),
  flaw(
    'kills all families of a subject for one',
    'ends the family that is killed, once, and no other',
    (right) => {
      const opened: NewFamily[] = []
      return {
        open: async (family) => {
          opened.push(family)
          return await right.open(family)
        },
        kill: async (place) => {
          for (const one of opened.filter((other) => other.place.id !== place.id))
            await right.kill(one.place)
          return await right.kill(place)
        },
      }
    },
  ),
  flaw(
    'takes an unknown family for a reuse of its own',
    'knows no family by another id, nor under the tag of another subject',
    (right) => {
      const tags = new Map<string, string>()
      const placed = (place: NewFamily['place']) => ({
        ...place,
        subjectTag: tags.get(place.id) ?? place.subjectTag,
      })
      return {
        open: async (family) => {
          tags.set(family.place.id, family.place.subjectTag)
          return await right.open(family)
        },
        rotate: (place, rotation) => right.rotate(placed(place), rotation),
      }
    },
  ),
]

const lives: readonly FamiliesFlaw[] = [
  misled(
    'ignores marks when it judges',
    'neither tells nor rotates nor kills a family whose mark has changed',
    { markOf: async () => undefined },
  ),
  misled(
    'ignores marks when it opens',
    'opens nothing under a mark that has changed since the login began',
    { markOf: async () => undefined },
  ),
  misled(
    'lets a family live at its end',
    'rotates one millisecond before the end of a family, and not at it',
    { lifeSeconds: 600.001 },
  ),
  misled(
    'lets a subject have as many as it likes',
    'ends the family that was used longest ago where a subject has too many',
    { maxPerSubject: 1_000 },
  ),
  flaw(
    'repeats as the window closes',
    'repeats one millisecond before the window closes, and not as it does',
    (right) => ({
      rotate: (place, rotation) =>
        right.rotate(place, { ...rotation, retrySeconds: rotation.retrySeconds + 0.001 }),
    }),
  ),
  flaw(
    'moves the end with each rotation',
    'never moves the end of a family, however often it rotates',
    (right) => {
      const { open, reopen } = remembering(right)
      return {
        open,
        rotate: async (place, rotation) => {
          const outcome = await right.rotate(place, rotation)
          if (outcome.kind !== 'rotated') return outcome
          await right.kill(place)
          await reopen(place.id, rotation.next)
          return outcome
        },
      }
    },
  ),
  flaw(
    'keeps answers when their windows are closed',
    'erases an answer once its window is closed, and leaves the family alive',
    (right) => ({
      evictExpired: async (limit) => ({ ...(await right.evictExpired(limit)), answers: 0 }),
    }),
  ),
  flaw(
    'removes more at once than it may',
    'removes dead families, at most so many at once, and no living one',
    (right) => ({ evictExpired: () => right.evictExpired(1_000) }),
  ),
]

export const wrongFamilies = [...rotations, ...kills, ...lives, ...wrongLists]
