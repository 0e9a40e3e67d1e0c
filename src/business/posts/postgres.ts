/** Posts and votes in Postgres. */
import type { Database, Row } from '../../storage/postgres/database.ts'
import { escapeText, unescapeText } from '../../storage/postgres/text.ts'
import { dayNumber, writtenDay } from './days.ts'
import type { PostStore, ViewedPost } from './post-store.ts'
import { postStatements, voteStatements } from './statements.ts'
import type { Vote, VoteStore } from './vote-store.ts'

const repeatable = { isRepeatable: true }
const once = { isRepeatable: false }

/** Of one author, to be made nobody's: a statement of which has its time. */
const postsAtOnce = 1_000

/** Greater than all ids: they are in lower-case hexadecimal. */
const beyondAll = 'g'

export function postgresPosts({ database }: { database: Database }): PostStore {
  return {
    async add({ id, title, content, author, createdAt }) {
      const name = author.name === undefined ? null : escapeText(author.name)
      const texts = [escapeText(title), escapeText(content), escapeText(author.id)]
      return (
        (await database.run(postStatements.add, [id, ...texts, name, createdAt], once)).length > 0
      )
    },
    async find(id, viewer) {
      const values = [escapeText(viewer), escapeText(id)]
      const [row] = await database.run(postStatements.find, values, repeatable)
      return row && readPost(row)
    },
    async list({ before = beyondAll, author, limit }, viewer) {
      const values = [escapeText(viewer), escapeText(before), limit]
      const rows =
        author === undefined
          ? await database.run(postStatements.list, values, repeatable)
          : await database.run(postStatements.listOf, [...values, escapeText(author)], repeatable)
      return rows.map(readPost)
    },
    async edit(id, { title, content, updatedAt }, author) {
      const values = [escapeText(id), ...[title, content].map(orNull), updatedAt, orNull(author)]
      return (await database.run(postStatements.edit, values, repeatable)).length > 0
    },
    async remove(id, author) {
      return (
        (await database.run(postStatements.remove, [escapeText(id), orNull(author)], once)).length >
        0
      )
    },
    async rename(author, name, { epoch, number, at }) {
      const values = [...[author, name, epoch].map(escapeText), number, at]
      await database.run(postStatements.rename, values, repeatable)
    },
    async forget(author) {
      await database.run(postStatements.setGone, [escapeText(author)], repeatable)
      const values = [escapeText(author), postsAtOnce]
      let found = postsAtOnce
      while (found === postsAtOnce)
        found = (await database.run(postStatements.anonymise, values, repeatable)).length
    },
  }
}

const numbers: Readonly<Record<Vote, number>> = { like: 1, dislike: -1, none: 0 }

export function postgresVotes({ database }: { database: Database }): VoteStore {
  return {
    async fold(votes) {
      const events = votes.map(({ id }) => id)
      const posts = votes.map(({ post }) => escapeText(post))
      const users = votes.map(({ user }) => escapeText(user))
      const values = votes.map(({ vote }) => numbers[vote])
      await database.run(voteStatements.fold, [events, posts, users, values], repeatable)
    },
    async likesPerDay({ from, to }) {
      const values = [dayNumber(from), dayNumber(to)]
      const rows = await database.run(voteStatements.likesPerDay, values, repeatable)
      return rows.map(([day, likes]) => ({ day: writtenDay(Number(day)), likes: Number(likes) }))
    },
  }
}

function orNull(text: string | undefined): string | null {
  return text === undefined ? null : escapeText(text)
}

function readPost(row: Row): ViewedPost {
  const [id, title, content, author, name, ...numbers] = row
  const [createdAt = 0, updatedAt = 0, likes = 0, dislikes = 0, vote = 0] = numbers.map(Number)
  const authorId = readText(author)
  return {
    id: String(id),
    title: readText(title) ?? '',
    content: readText(content) ?? '',
    author: authorId === undefined ? undefined : { id: authorId, name: readText(name) },
    createdAt,
    updatedAt,
    likes,
    dislikes,
    vote: readVote(vote),
  }
}

function readText(column: unknown): string | undefined {
  return typeof column === 'string' ? unescapeText(column) : undefined
}

/** Where there is none, it is null, which as a number is 0. */
function readVote(number: number): Vote {
  return number === 1 ? 'like' : number === -1 ? 'dislike' : 'none'
}
