/** Posts and votes in the memory of one process. Nothing waits within a method, hence each is one step. */
import { unavailable } from '../../http/refusal.ts'
import type { EventPlace } from '../account-port.ts'
import { acceptedAt } from '../event-ids.ts'
import { dayNumber, dayOf, writtenDay } from './days.ts'
import type { NewPost, Post, PostStore, ViewedPost } from './post-store.ts'
import type { CastVote, Vote, VoteStore } from './vote-store.ts'

export interface MemoryPostsOptions {
  /** When there are as many, no more are filed. Default: 100,000. */
  readonly maxPosts?: number
  /** How many UTF-16 units their titles and contents may have together. Default: 50,000,000, which are 100 MB. */
  readonly maxUnits?: number
  /** When there are as many, no more are filed; they can still be changed. Default: 1,000,000. */
  readonly maxVotes?: number
}

interface Filed {
  readonly post: Omit<Post, 'author' | 'likes' | 'dislikes'>
  readonly author: string | undefined
  /** The last vote of each user. */
  readonly votes: Map<string, CastVote>
  readonly counts: Record<Vote, number>
}

export function memoryPosts({
  maxPosts = 100_000,
  maxUnits = 50_000_000,
  maxVotes = 1_000_000,
}: MemoryPostsOptions = {}): {
  readonly posts: PostStore
  readonly votes: VoteStore
} {
  const filed = new Map<string, Filed>()
  /** The ids of all posts, the oldest first. */
  const ids: string[] = []
  /** What is known of authors: their names, or that they are gone. */
  const names = new Map<string, string | undefined>()
  /** Where in the feed the names were told that did not come with a post. */
  const places = new Map<string, EventPlace>()
  const gone = new Set<string>()
  let voteCount = 0
  let units = 0

  function view({ post, author, votes, counts }: Filed, viewer: string): ViewedPost {
    const vote = votes.get(viewer)?.vote ?? 'none'
    const { like: likes, dislike: dislikes } = counts
    const shown = author === undefined ? undefined : { id: author, name: names.get(author) }
    return { ...post, author: shown, likes, dislikes, vote }
  }

  /** Where an id is, or would be. */
  function placeOf(id: string): number {
    let [low, high] = [0, ids.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ids[middle] as string) < id) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Refuses what there is no room for, and counts what there is. */
  function takeRoom(more: number): void {
    if (more > 0 && units + more > maxUnits) throw unavailable('There is no room for more posts.')
    units += more
  }

  const own = (id: string, author: string | undefined) => {
    const found = filed.get(id)
    return author === undefined || found?.author === author ? found : undefined
  }

  const posts: PostStore = {
    async add({ id, title, content, author, createdAt }: NewPost) {
      if (gone.has(author.id)) return false
      if (filed.size >= maxPosts) throw unavailable('There is no room for more posts.')
      takeRoom(unitsOf({ title, content }))
      names.set(author.id, names.get(author.id) ?? author.name)
      const post = { id, title, content, createdAt, updatedAt: createdAt }
      const counts = { like: 0, dislike: 0, none: 0 }
      filed.set(id, { post, author: author.id, votes: new Map(), counts })
      ids.splice(placeOf(id), 0, id)
      return true
    },
    async find(id, viewer) {
      const found = filed.get(id)
      return found && view(found, viewer)
    },
    async list({ before, author, limit }, viewer) {
      const page: ViewedPost[] = []
      let place = before === undefined ? ids.length : placeOf(before)
      while (page.length < limit && place-- > 0) {
        const found = filed.get(ids[place] as string) as Filed // its id stands there
        if (author === undefined || found.author === author) page.push(view(found, viewer))
      }
      return page
    },
    async edit(id, { title, content, updatedAt }, author) {
      const found = own(id, author)
      if (found === undefined) return false
      const { post } = found
      const edited = { title: title ?? post.title, content: content ?? post.content, updatedAt }
      takeRoom(unitsOf(edited) - unitsOf(post))
      filed.set(id, { ...found, post: { ...post, ...edited } })
      return true
    },
    async remove(id, author) {
      const found = own(id, author)
      if (found === undefined) return false
      voteCount -= found.votes.size
      units -= unitsOf(found.post)
      ids.splice(placeOf(id), 1)
      return filed.delete(id)
    },
    async rename(author, name, place) {
      if (!names.has(author) || !isLater(place, places.get(author))) return
      names.set(author, name)
      places.set(author, place)
    },
    async forget(author) {
      gone.add(author)
      names.delete(author)
      places.delete(author)
      for (const [id, one] of filed) {
        if (one.author === author) filed.set(id, { ...one, author: undefined })
      }
    },
  }

  /** Whether it is of a user who has not voted for that post before, and the post is there. */
  const isFirst = ({ post, user }: CastVote) => filed.get(post)?.votes.has(user) === false

  function fileVote(vote: CastVote): void {
    const found = filed.get(vote.post)
    const earlier = found?.votes.get(vote.user)
    if (found === undefined || (earlier !== undefined && earlier.id >= vote.id)) return
    if (earlier === undefined) voteCount++
    found.votes.set(vote.user, { ...vote })
    found.counts[earlier?.vote ?? 'none']--
    found.counts[vote.vote]++
  }

  const votes: VoteStore = {
    async fold(cast) {
      const more = new Set(cast.filter(isFirst).map(({ post, user }) => `${post} ${user}`)).size
      if (more > 0 && voteCount + more > maxVotes)
        throw unavailable('There is no room for more votes.')
      for (const vote of cast) fileVote(vote)
    },
    async likesPerDay({ from, to }) {
      const [first, last] = [dayNumber(from), dayNumber(to)]
      const likes = new Map<number, number>()
      for (const one of filed.values()) {
        for (const { id, vote } of one.votes.values()) {
          const day = dayOf(acceptedAt(id))
          if (vote === 'like' && day >= first && day <= last)
            likes.set(day, (likes.get(day) ?? 0) + 1)
        }
      }
      const days = [...likes].sort(([one], [other]) => one - other)
      return days.map(([day, count]) => ({ day: writtenDay(day), likes: count }))
    },
  }

  return { posts, votes }
}

function unitsOf({ title, content }: Pick<Post, 'title' | 'content'>): number {
  return title.length + content.length
}

function isLater(place: EventPlace, last: EventPlace | undefined): boolean {
  if (last === undefined) return true
  return place.epoch === last.epoch ? place.number > last.number : place.at >= last.at
}
