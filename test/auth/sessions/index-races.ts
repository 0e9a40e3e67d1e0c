/** What only shows when several callers come at once. */
import assert from 'node:assert/strict'
import { byId, type IndexCase, listed, newSession, newSub } from './index-kit.ts'

const rounds = 20
const sixteen = () => Array.from({ length: 16 }, () => newSession())

export const indexRaceCases: readonly IndexCase[] = [
  {
    sentence: 'lists all of 16 that were added at once, 20 times',
    run: async ({ index }) => {
      for (let round = 0; round < rounds; round++) {
        const sub = newSub()
        const sessions = sixteen()

        await Promise.all(sessions.map((session) => index.add(sub, session)))

        assert.deepEqual(await listed(index, sub), byId(sessions), `round ${round}`)
      }
    },
  },
  {
    sentence: 'lists to each of 16 who come at once what he has added, 20 times',
    run: async ({ index }) => {
      for (let round = 0; round < rounds; round++) {
        const sub = newSub()

        const finding = sixteen().map(async (session) => {
          await index.add(sub, session)
          return (await index.list(sub)).some(({ id }) => id === session.id)
        })

        assert.deepEqual(await Promise.all(finding), Array(16).fill(true), `round ${round}`)
      }
    },
  },
  {
    sentence: 'lists all to the last of 16 who come at once, 20 times',
    run: async ({ index }) => {
      for (let round = 0; round < rounds; round++) {
        const sub = newSub()

        const counting = sixteen().map(async (session) => {
          await index.add(sub, session)
          return (await index.list(sub)).length
        })

        assert.equal(Math.max(...(await Promise.all(counting))), 16, `round ${round}`)
      }
    },
  },
  {
    sentence: 'loses nothing that is added while others are taken off, 20 times',
    run: async ({ index }) => {
      for (let round = 0; round < rounds; round++) {
        const sub = newSub()
        const [old, fresh] = [sixteen(), sixteen()]
        await Promise.all(old.map((session) => index.add(sub, session)))

        await Promise.all([
          ...old.map(({ id }) => index.remove(sub, [id])),
          ...fresh.map((session) => index.add(sub, session)),
        ])

        assert.deepEqual(await listed(index, sub), byId(fresh), `round ${round}`)
      }
    },
  },
  {
    sentence: 'takes the same off for 16 who come at once, in different orders, 20 times',
    run: async ({ index }) => {
      for (let round = 0; round < rounds; round++) {
        const sub = newSub()
        const [gone, kept] = [sixteen(), newSession()]
        await Promise.all([...gone, kept].map((session) => index.add(sub, session)))
        const ids = gone.map(({ id }) => id)

        await Promise.all(
          ids.map((_, first) => index.remove(sub, [...ids.slice(first), ...ids.slice(0, first)])),
        )

        assert.deepEqual(await index.list(sub), [kept], `round ${round}`)
      }
    },
  },
]
