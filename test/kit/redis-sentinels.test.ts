import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skipUnless } from './installed.ts'
import { startSentinels } from './redis-sentinels.ts'
import { share } from './shared-servers.ts'

const skip = skipUnless('redis-server', 'redis-cli')
const aclLines = ['user default off', 'user client on >secret ~sallyport:* +@all']

describe('the Sentinels of the kit', { skip }, () => {
  const sentinels = share((context) => startSentinels(context, { aclLines }))

  it('are named in one URL', () => {
    const url = sentinels().urlAs('client', 'secret')

    assert.match(url, /^redis\+sentinel:\/\/client:secret@(127\.0\.0\.1:\d+,?){3}\/mymaster$/)
  })

  it('make a replica the master when they are told to', async () => {
    const old = await sentinels().master()

    await sentinels().failover()

    const master = await sentinels().master()
    assert.notEqual(master, old)
    assert.equal(await master.cli('SET', 'key', 'value'), 'OK')
  })

  it('make a replica the master when the master is lost', async () => {
    const lost = await sentinels().killMaster()

    await sentinels().untilMasterIsNot(lost)

    const master = await sentinels().master()
    assert.equal(await master.cli('SET', 'key', 'value'), 'OK')
  })
})
