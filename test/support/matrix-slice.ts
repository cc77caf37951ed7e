// A thin slice of the matrix (`npm run test:matrix`), as tests.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COLUMNS } from '../matrix/edits.js'
import { type Row, takeRow } from '../matrix/row.js'

const EDITS = ['first build', 'helper body 1', 'helper body 2', 'package bump', 'one more', 'comment']

/** The rows of that name. */
export function testRows(rows: readonly Row[], ...names: readonly string[]): void {
  for (const name of names)
    test(`${name}: fresh after each edit that counts, the same after one that does not`, async () => {
      const row = rows.find(({ host, mode }) => `${host}, ${mode}` === name)!
      const columns = COLUMNS.filter((column) => EDITS.includes(column.name))
      const cells = await takeRow(row, columns)
      assert.equal(
        cells.map(({ column, verdict }) => `${column}: ${verdict}`),
        columns.map(({ name, changes }) => `${name}: ${changes.length > 0 ? 'fresh' : 'same'}`),
      )
    })
}
