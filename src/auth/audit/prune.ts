/** Removes what was kept for long enough. Only the owner of the database may. */
import { withConnection } from '../../storage/postgres/connection.ts'

/** What one transaction removes, so that none holds up those who write. */
const batchSize = 1_000

/** To Postgres `limit $1` is a share of the table, for which it might read all of it: so the rows are named by an array. */
const removeBatch = `
  delete from auth.audit_events where number = any(array(
    select number from auth.audit_events
    where at < (extract(epoch from now()) * 1000)::bigint - $1::bigint * 86400000
    order by at limit $2))`

export interface PruneOptions {
  /** Of the owner. */
  readonly url: string
  readonly retentionDays: number
}

/** How many it removed. Rejects with a `StartError` where there is no connection. */
export async function pruneAudit({ url, retentionDays }: PruneOptions): Promise<number> {
  return await withConnection({ url, name: 'sallyport-prune' }, async (client) => {
    let removed = 0
    for (let batch = batchSize; batch === batchSize; removed += batch) {
      batch = (await client.query(removeBatch, [retentionDays, batchSize])).rowCount ?? 0
    }
    return removed
  })
}
