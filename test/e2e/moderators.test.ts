import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { capabilities } from '../../src/business/capabilities.ts'
import { callAt } from '../kit/auth-calls.ts'
import { logIn, startTestBusiness } from '../kit/servers.ts'
import { type Member, startWholeAuth } from '../kit/whole-auth.ts'

async function startBoth(t: TestContext) {
  const auth = await startWholeAuth(t)
  const posts = capabilities.filter(({ name }) => name === 'posts')
  const { url } = await startTestBusiness(t, { authUrl: auth.url, capabilities: posts })
  const admin = await auth.administrator()
  return {
    ...auth,
    write: async ({ session: token }: Member): Promise<string> => {
      const json = { title: 'A Title', content: 'Text.' }
      return `${url}/posts/${String((await callAt(`${url}/posts`, 'POST', { token, json })).body.id)}`
    },
    giveRoles: async ({ id }: Member, roles: readonly string[]) => {
      const path = `${auth.url}/admin/users/${id}`
      const { status } = await callAt(path, 'PATCH', { token: admin, json: { roles } })
      assert.equal(status, 204)
    },
  }
}

describe('a moderator', () => {
  it('is made by an administrator, deletes the posts of others, and is none any more', async (t) => {
    const { giveRoles, join, url, write } = await startBoth(t)
    const [author, member] = [await join(), await join()]
    const [first, second] = [await write(author), await write(author)]
    const { username, password } = member
    const deleteAs = async (post: string, token: string) =>
      (await callAt(post, 'DELETE', { token })).status

    const before = await deleteAs(first, member.session)
    await giveRoles(member, ['moderator'])
    const ended = await deleteAs(first, member.session)
    const moderator = await deleteAs(first, await logIn(url, { username, password }))
    await giveRoles(member, [])
    const after = await deleteAs(second, await logIn(url, { username, password }))

    assert.deepEqual([before, ended, moderator, after], [403, 401, 204, 403])
  })

  it('is no administrator', async (t) => {
    const { giveRoles, join, url } = await startBoth(t)
    const member = await join()
    await giveRoles(member, ['moderator'])

    const { username, password } = member
    const token = await logIn(url, { username, password })
    const { status, body } = await callAt(`${url}/admin/users`, 'GET', { token })

    assert.deepEqual([status, body.error], [403, 'insufficient_scope'])
  })
})
