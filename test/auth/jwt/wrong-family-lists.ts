/** Refresh families that list, or count, with one flaw each. */
import type { LivingFamily } from '../../../src/auth/jwt/refresh-families.ts'
import { subjectTagOf } from '../../../src/storage/ports.ts'
import { type Families, type FamiliesFlaw, flaw, misled } from './wrong-families-kit.ts'

function listAllOpened(right: Families): Partial<Families> {
  const opened: LivingFamily[] = []
  return {
    open: async (family) => {
      const living = await right.open(family)
      if (living !== undefined) opened.push(living)
      return living
    },
    list: async (subjectTag) => opened.filter(({ sub }) => subjectTagOf(sub) === subjectTag),
  }
}

export const wrongLists: readonly FamiliesFlaw[] = [
  flaw('forgets where a login came from', 'opens a family and tells all that it is', (right) => ({
    open: (family) => right.open({ ...family, source: 'unknown' }),
  })),
  flaw(
    'lists what it has opened, dead or alive',
    'lists no family that was killed, or reused, or is too many',
    listAllOpened,
  ),
  flaw(
    'lists the families of all',
    'lists the families of a subject as they are, and none of another',
    (right) => {
      const tags = new Set<string>()
      return {
        open: async (family) => {
          tags.add(family.place.subjectTag)
          return await right.open(family)
        },
        list: async () =>
          (await Promise.all([...tags].map((subjectTag) => right.list(subjectTag)))).flat(),
      }
    },
  ),
  flaw(
    'lists one family of each subject',
    'lists the families of a subject as they are, and none of another',
    (right) => ({ list: async (subjectTag) => (await right.list(subjectTag)).slice(0, 1) }),
  ),
  misled(
    'ignores marks when it lists',
    'lists no family whose mark has changed, and those that began after it',
    { markOf: async () => undefined },
  ),
  flaw(
    'takes the login for the last rotation',
    'tells when a family was rotated last, and of a repeat that it changes nothing',
    (right) => ({
      list: async (subjectTag) =>
        (await right.list(subjectTag)).map((family) => ({
          ...family,
          rotatedAt: family.issuedAt,
        })),
    }),
  ),
  flaw(
    'takes a look for a rotation',
    'tells when a family was rotated last, and of a repeat that it changes nothing',
    (right) => ({
      list: async (subjectTag) =>
        (await right.list(subjectTag)).map((family) => ({
          ...family,
          rotatedAt: family.judgedAt,
        })),
    }),
  ),
  flaw(
    'counts what was ever opened',
    'counts few families exactly, under their purpose, or says that it has not looked at all',
    (right) => {
      let refresh = 0
      return {
        open: async (family) => {
          refresh++
          return await right.open(family)
        },
        census: async () => ({ counts: refresh === 0 ? {} : { refresh }, isSampled: false }),
      }
    },
  ),
  misled(
    'counts under another name',
    'counts few families exactly, under their purpose, or says that it has not looked at all',
    { purposeName: 'session' },
  ),
  flaw(
    'lists a family that has come to its end',
    'lists no family that has come to its end',
    listAllOpened,
  ),
]
