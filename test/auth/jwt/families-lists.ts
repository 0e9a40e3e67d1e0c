/** What there is of families: those of a subject, and how many there are of all. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { RefreshFamilies } from '../../../src/auth/jwt/refresh-families.ts'
import { subjectTagOf } from '../../../src/storage/ports.ts'
import {
  type FamiliesCase,
  markOf,
  type OpenedFamily,
  openFamily,
  refreshPurpose,
  rotate,
  rotateOn,
} from './families-kit.ts'

export const familyListCases: readonly FamiliesCase[] = [
  {
    sentence: 'lists the families of a subject as they are, and none of another',
    run: async ({ families }) => {
      const first = await openFamily(families, { scope: 'a b', source: '192.0.2.7' })
      const second = await openFamily(families, { sub: first.sub })
      await rotateOn(families, second, second.tokenHash)
      await openFamily(families)

      const listed = await list(families, first.sub)

      const peeked = await families.peek([first.place, second.place])
      const timeless = (family: object | undefined) => ({ ...family, judgedAt: 0 })
      const sorted = inOrder(listed).map(timeless)
      const found = peeked.filter((family) => family !== undefined)
      assert.deepEqual(sorted, inOrder(found).map(timeless))
      assert.equal(sorted.length, 2)
    },
  },
  {
    sentence: 'lists nothing of a subject who has nothing',
    run: async ({ families }) => {
      await openFamily(families)

      assert.deepEqual(await list(families, randomUUID()), [])
    },
  },
  {
    sentence: 'tells when a family was rotated last, and of a repeat that it changes nothing',
    run: async ({ families, pass }) => {
      const family = await openFamily(families)
      await pass(20)
      await rotateOn(families, family, family.tokenHash)
      const [rotated] = await list(families, family.sub)
      await pass(20)
      await rotate(families, family, family.tokenHash)

      const [repeated] = await list(families, family.sub)

      const { rotatedAt = 0, issuedAt = 0, judgedAt = 0 } = rotated ?? {}
      assert.ok(rotatedAt >= issuedAt + 20, `${rotatedAt} after ${issuedAt}`)
      assert.ok(rotatedAt <= judgedAt, `${rotatedAt} until ${judgedAt}`)
      assert.equal(repeated?.rotatedAt, rotatedAt)
    },
  },
  {
    sentence: 'lists no family that was killed, or reused, or is too many',
    run: async ({ families, pass }) => {
      const sub = randomUUID()
      const openLater = async () => {
        await pass(5)
        return await openFamily(families, { sub })
      }
      await openLater()
      const [reused, killed] = [await openLater(), await openLater()]
      const left = await openLater()
      await families.kill(killed.place)
      const next = await rotateOn(families, reused, reused.tokenHash)
      await rotateOn(families, reused, next)
      await rotate(families, reused, reused.tokenHash)

      const listed = await list(families, sub)

      assert.deepEqual(idsOf(listed), [left.place.id])
    },
  },
  {
    sentence: 'lists no family whose mark has changed, and those that began after it',
    run: async ({ families, tokens }) => {
      const ended = await openFamily(families)
      await tokens.revokeSubject(ended.sub, [refreshPurpose])
      const before = await list(families, ended.sub)
      const mark = await markOf(tokens, ended.sub)
      const begun = await openFamily(families, { sub: ended.sub, mark })

      const listed = await list(families, ended.sub)

      assert.deepEqual(before, [])
      assert.deepEqual(idsOf(listed), [begun.place.id])
    },
  },
  {
    sentence: 'lists no family that has come to its end',
    run: async ({ brief, pass }) => {
      const { sub } = await openFamily(brief)
      await pass(1_050)
      const living = await openFamily(brief, { sub })

      assert.deepEqual(idsOf(await list(brief, sub)), [living.place.id])
    },
  },
  {
    sentence: 'counts nothing where there is no family',
    run: async ({ families, tokens }) => {
      await tokens.revokeSubject('somebody', [refreshPurpose])

      assert.deepEqual({ ...(await families.census()).counts }, {})
    },
  },
  {
    sentence:
      'counts few families exactly, under their purpose, or says that it has not looked at all',
    run: async ({ families, tokens }) => {
      const [first, second, killed] = [
        await openFamily(families),
        await openFamily(families),
        await openFamily(families),
      ] as readonly [OpenedFamily, OpenedFamily, OpenedFamily]
      await rotateOn(families, first, first.tokenHash)
      await openFamily(families, { sub: second.sub })
      await families.kill(killed.place)
      await tokens.revokeSubject('somebody', [refreshPurpose])

      const { counts, isSampled } = await families.census()

      if (!isSampled) assert.deepEqual({ ...counts }, { refresh: 3 })
    },
  },
  {
    sentence: 'are no tokens to whoever counts those',
    run: async ({ families, tokens }) => {
      const family = await openFamily(families)
      await rotateOn(families, family, family.tokenHash)

      assert.deepEqual({ ...(await tokens.census()).counts }, {})
    },
  },
]

function list(families: RefreshFamilies, sub: string) {
  return families.list(subjectTagOf(sub))
}

function inOrder<T extends { readonly id: string }>(families: readonly T[]): readonly T[] {
  return [...families].sort((one, other) => (one.id < other.id ? -1 : 1))
}

function idsOf(families: readonly { readonly id: string }[]): readonly string[] {
  return families.map(({ id }) => id)
}
