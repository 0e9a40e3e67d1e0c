/** How many rows there are of each purpose: counted where they are few; of many, about a hundredth, and the rest inferred. */
import type { Census } from '../ports.ts'
import type { Database } from './database.ts'
import type { Statement } from './statements.ts'

/** More would take longer than a statement may. */
const mostCounted = 100_000

export interface CountedTable {
  readonly table: string
  /** What says the purpose of a row: a column of it, or `$2`. */
  readonly purpose: string
}

/** `$1` how many may be counted. */
export function censusStatement(name: string, tables: readonly CountedTable[]): Statement {
  const oids = tables.map(({ table }) => `'${table}'::regclass`).join()
  const counted = tables.map(
    ({ table, purpose }) => `
      select ${purpose} as purpose, 1 as weight from ${table} where not (select are_many from estimated)
      union all
      select ${purpose}, 100 from ${table} tablesample system (1) where (select are_many from estimated)`,
  )
  return {
    name,
    text: `with estimated as materialized (
      select coalesce(sum(reltuples), 0) > $1::bigint as are_many from pg_class where oid in (${oids})
    ), counted as (${counted.join(`
      union all`)}
    )
    select purpose, sum(weight)::bigint, (select are_many from estimated) from counted group by purpose`,
  }
}

/** `values` are those from `$2` on. */
export async function takeCensus(
  database: Database,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<Census> {
  const rows = await database.run(statement, [mostCounted, ...values], { isRepeatable: true })
  const counts = Object.fromEntries(rows.map(([purpose, count]) => [purpose, count]))
  return { counts, isSampled: rows.some(([, , isSampled]) => isSampled === true) }
}
