import type { TestContext } from 'node:test'
import { memoryPosts } from '../../../src/business/posts/memory.ts'
import { openPosts } from '../../../src/business/posts/open-posts.ts'
import { startProvisioned } from '../../kit/provisioned.ts'
import { share } from '../../kit/shared-servers.ts'
import { openContentBacking } from '../../storage/postgres/open-stores.ts'
import type { OpenedPosts } from './posts-kit.ts'

export const openMemoryPosts = async (): Promise<OpenedPosts> => memoryPosts()

/** Another process than any other: with connections of its own. */
export async function openPostgresPosts(t: TestContext, url: string): Promise<OpenedPosts> {
  return await openPosts(await openContentBacking(t, url))
}

/** One real Postgres for all tests of a `describe`; each finds it empty. */
export function sharePosts() {
  const server = share((context) => startProvisioned(context))
  return {
    server,
    open: async (t: TestContext): Promise<OpenedPosts> => {
      await server().emptyTables()
      return await openPostgresPosts(t, server().business)
    },
    /** Another process on the same tables. */
    openAnother: async (t: TestContext) => await openPostgresPosts(t, server().business),
  }
}
