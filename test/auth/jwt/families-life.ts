/** How families begin, end and stand beside one another. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { subjectTagOf } from '../../../src/storage/ports.ts'
import { hostileTexts } from '../../storage/contract.ts'
import {
  type FamiliesCase,
  isAlive,
  markOf,
  newFamily,
  newHash,
  openFamily,
  refreshPurpose,
  rotate,
  rotateOn,
} from './families-kit.ts'

export const familyLifeCases: readonly FamiliesCase[] = [
  {
    sentence: 'opens a family and tells all that it is',
    run: async ({ families }) => {
      const { living, place, sub, tokenHash } = await openFamily(families, { scope: 'a b' })

      const [found] = await families.peek([place])

      const {
        judgedAt: _,
        issuedAt,
        rotatedAt,
        expiresAt,
        ...rest
      } = found ?? assert.fail('it is not alive')
      const told = { id: place.id, sub, clientId: 'test', scope: 'a b', source: '192.0.2.1' }
      assert.deepEqual(rest, { ...told, tokenHash, rotations: 0 })
      assert.equal(rotatedAt, issuedAt)
      assert.equal(expiresAt - issuedAt, 600_000)
      assert.equal(living.judgedAt, living.issuedAt)
      assert.deepEqual({ ...living, judgedAt: 0 }, { ...found, judgedAt: 0 })
    },
  },
  {
    sentence: 'opens nothing under a mark that has changed since the login began',
    run: async ({ families, tokens }) => {
      const family = newFamily()
      const mark = await markOf(tokens, family.sub)
      await tokens.revokeSubject(family.sub, [refreshPurpose])

      const opened = await families.open({ ...family, mark })

      assert.equal(opened, undefined)
      assert.equal(await isAlive(families, family), false)
      const outcome = await rotate(families, family, family.tokenHash)
      assert.deepEqual(outcome, { kind: 'unknown' })
    },
  },
  {
    sentence: 'ends no other family where it opens nothing',
    run: async ({ families, tokens }) => {
      const sub = randomUUID()
      await tokens.revokeSubject(sub, [refreshPurpose])
      const mark = await markOf(tokens, sub)
      const others = [1, 2, 3].map(() => openFamily(families, { sub, mark }))
      const living = await Promise.all(others)

      const opened = await families.open(newFamily({ sub }))

      assert.equal(opened, undefined)
      for (const family of living) assert.equal(await isAlive(families, family), true)
    },
  },
  {
    sentence: 'opens and rotates under the mark that is there',
    run: async ({ families, tokens }) => {
      const sub = randomUUID()
      await tokens.revokeSubject(sub, [refreshPurpose])
      const mark = await markOf(tokens, sub)

      const family = await openFamily(families, { sub, mark })

      await rotateOn(families, family, family.tokenHash)
      assert.equal(await isAlive(families, family), true)
    },
  },
  {
    sentence: 'neither tells nor rotates nor kills a family whose mark has changed',
    run: async ({ families, tokens }) => {
      const family = await openFamily(families)
      const other = await openFamily(families, { sub: family.sub })
      await tokens.revokeSubject(family.sub, [refreshPurpose])

      const outcome = await rotate(families, family, family.tokenHash)

      assert.deepEqual(outcome, { kind: 'unknown' })
      assert.deepEqual(await families.peek([family.place, other.place]), [undefined, undefined])
      assert.equal(await families.kill(family.place), undefined)
    },
  },
  {
    sentence: 'leaves families alone where the tokens of another purpose are ended',
    run: async ({ families, tokens }) => {
      const family = await openFamily(families)

      await tokens.revokeSubject(family.sub, [{ ...refreshPurpose, name: 'session' }])

      assert.equal(await isAlive(families, family), true)
    },
  },
  {
    sentence: 'never moves the end of a family, however often it rotates',
    run: async ({ families, pass }) => {
      const family = await openFamily(families)
      await pass(5)
      const second = await rotateOn(families, family, family.tokenHash)
      await pass(5)

      await rotateOn(families, family, second)

      const [found] = await families.peek([family.place])
      assert.equal(found?.expiresAt, family.living.expiresAt)
      assert.equal(found?.issuedAt, family.living.issuedAt)
      assert.equal(found?.rotations, 2)
    },
  },
  {
    sentence: 'ends a family at its end, though it was rotated just before',
    run: async ({ brief, pass }) => {
      const family = await openFamily(brief)
      await pass(500)
      const next = await rotateOn(brief, family, family.tokenHash)

      await pass(600)

      assert.equal(await isAlive(brief, family), false)
      assert.deepEqual(await rotate(brief, family, next), { kind: 'unknown' })
      assert.deepEqual(await rotate(brief, family, family.tokenHash), { kind: 'unknown' })
      assert.equal(await brief.kill(family.place), undefined)
    },
  },
  {
    sentence: 'ends the family that is killed, once, and no other',
    run: async ({ families }) => {
      const family = await openFamily(families)
      const other = await openFamily(families, { sub: family.sub })

      const killed = await families.kill(family.place)

      assert.equal(killed?.id, family.place.id)
      assert.equal(await families.kill(family.place), undefined)
      const outcome = await rotate(families, family, family.tokenHash)
      assert.deepEqual(outcome, { kind: 'unknown' })
      assert.equal(await isAlive(families, other), true)
    },
  },
  {
    sentence: 'knows no family by another id, nor under the tag of another subject',
    run: async ({ families }) => {
      const family = await openFamily(families)
      const stranger = newFamily()
      const misplaced = { ...family.place, subjectTag: subjectTagOf('somebody else') }

      const outcomes = [
        await rotate(families, stranger, family.tokenHash),
        await rotate(families, { place: misplaced }, newHash()),
      ]

      assert.deepEqual(outcomes, [{ kind: 'unknown' }, { kind: 'unknown' }])
      assert.equal(await families.kill(misplaced), undefined)
      assert.deepEqual(await families.peek([misplaced, stranger.place]), [undefined, undefined])
      assert.equal(await isAlive(families, family), true)
    },
  },
  {
    sentence: 'tells several in the order in which they were asked about, one twice among them',
    run: async ({ families }) => {
      const [first, second] = [await openFamily(families), await openFamily(families)]
      const places = [second.place, newFamily().place, first.place, second.place]

      const found = await families.peek(places)

      const ids = found.map((family) => family?.id)
      assert.deepEqual(ids, [second.place.id, undefined, first.place.id, second.place.id])
      assert.deepEqual(await families.peek([]), [])
    },
  },
  {
    sentence: 'ends the family that was used longest ago where a subject has too many',
    run: async ({ families, pass }) => {
      const sub = randomUUID()
      const openLater = async () => {
        await pass(5)
        return await openFamily(families, { sub })
      }
      const first = await openLater()
      const second = await openLater()
      const third = await openLater()
      await pass(5)
      await rotateOn(families, first, first.tokenHash)

      const fourth = await openLater()

      const alive = await families.peek([first, second, third, fourth].map(({ place }) => place))
      assert.deepEqual(
        alive.map((family) => family !== undefined),
        [true, false, true, true],
      )
    },
  },
  {
    sentence: 'ends none for families that are dead already',
    run: async ({ families, tokens }) => {
      const sub = randomUUID()
      for (let dead = 0; dead < 3; dead++) await openFamily(families, { sub })
      await tokens.revokeSubject(sub, [refreshPurpose])
      const mark = await markOf(tokens, sub)
      const killed = await openFamily(families, { sub, mark })
      await families.kill(killed.place)
      const living = [1, 2, 3].map(() => openFamily(families, { sub, mark }))

      const opened = await Promise.all(living)

      for (const family of opened) assert.equal(await isAlive(families, family), true)
    },
  },
  ...hostileTexts.map(
    ([what, text]): FamiliesCase => ({
      sentence: `keeps a client, a scope and a source that have ${what} in them`,
      run: async ({ families }) => {
        const family = await openFamily(families, {
          clientId: text,
          scope: text,
          source: text,
        })
        await rotateOn(families, family, family.tokenHash)

        const [found] = await families.peek([family.place])

        assert.deepEqual([found?.clientId, found?.scope, found?.source], [text, text, text])
      },
    }),
  ),
]
