/** A process of its own that opens the token store of `TOKEN_STORE` and does with it what its parent says. */
import { systemClock } from '../../src/clock.ts'
import { openTokenStore } from '../../src/storage/open.ts'
import { parseStoreUrl } from '../../src/store-url.ts'
import { recordedLog } from '../kit/log.ts'
import { serveStore } from './other-process.ts'

const url = parseStoreUrl(process.env.TOKEN_STORE ?? '')
if (url === undefined) throw new TypeError('TOKEN_STORE must be the URL of a store')
const log = recordedLog()
const options = { clock: systemClock, log, maxTokens: 0, waitReplicas: 0 }
const { tokens } = await openTokenStore({ url, ...options })
serveStore(tokens, log)
