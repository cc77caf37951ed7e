// Every host in every mode against every kind of edit, on fresh projects: `npm run test:matrix [-- [--json] [--jobs N] HOST...]`.
// A cell is right when the stamps that must change have changed and no other has, when they are those of `mintmark fingerprint`, and, where
// the host runs the program, when just the steps with a new stamp were executed and the results are those of the code as it is now.
// Exit code 1 when a cell is wrong.

import { BUNDLER_ROWS } from './matrix/bundlers.js'
import { COLUMNS, STEPS } from './matrix/edits.js'
import { PLAIN_ROWS } from './matrix/hosts.js'
import { type Cell, type Row, takeRow } from './matrix/row.js'
import { TSPC_ROWS } from './matrix/tspc.js'
import { VITE_ROWS } from './matrix/vite.js'
import { openCommand, wholeNumber } from './support/usage.js'

interface Taken {
  readonly host: string
  readonly mode: string
  readonly cells: readonly Cell[]
}

const command = openCommand('npm run test:matrix --', 'Every host in every mode against every kind of edit, on fresh projects.')
  .argument('[host...]', 'parts of the names of rows, as in `esbuild` or `tspc, watch` (default: all)')
  .option('--jobs <n>', 'rows at a time', wholeNumber, 2)
  .option('--json', 'print rows and cells as JSON')
  .addHelpText('after', '\nExit codes: 0 all cells are right, 1 some are not, 2 usage.')
  .parse()
const patterns = command.args
const { jobs, json } = command.opts<{ jobs: number; json?: true }>()
const ROWS: readonly Row[] = [...PLAIN_ROWS, ...TSPC_ROWS, ...BUNDLER_ROWS, ...VITE_ROWS]
const nameOf = ({ host, mode }: Pick<Row, 'host' | 'mode'>): string => `${host}, ${mode}`
const isChosen = (row: Row): boolean => patterns.length === 0 || patterns.some((pattern) => nameOf(row).includes(pattern))
// The first row is what the others are compared with.
const chosen = ROWS.filter((row, i) => i === 0 || isChosen(row))

const taken: Taken[] = []
const queue = [...chosen.entries()]
await Promise.all(
  Array.from({ length: jobs }, async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [i, row] = next
      const cells = await takeRow(row)
      taken[i] = { host: row.host, mode: row.mode, cells }
      console.error(`${nameOf(row)}: ${seconds(cells)} s`)
      for (const { column, verdict, isRight } of cells) if (!isRight) console.error(`  ${column}: ${verdict}`)
    }
  }),
)
const rows = taken.map(({ host, mode, cells }) => ({ host, mode, cells: cells.map((cell, i) => agreeing(cell, taken[0]!.cells[i]!)) }))
const wrong = rows.flatMap((row) =>
  row.cells.filter((cell) => !cell.isRight).map((cell) => `${nameOf(row)}, ${cell.column}: ${cell.verdict}`),
)

if (json) console.log(JSON.stringify(rows, undefined, 1))
else {
  const header = ['', ...COLUMNS.map(({ name }) => name), 's']
  const lines = rows.map((row) => [
    nameOf(row),
    ...row.cells.map(({ isRight, verdict }) => (isRight ? verdict : 'WRONG')),
    seconds(row.cells),
  ])
  for (const line of [header, ...lines]) console.log(line.map((text, i) => text.padEnd(width(i, [header, ...lines]))).join('  '))
  for (const line of wrong) console.log(line)
}
const cells = rows.flatMap((row) => row.cells).length
console.error(`${rows.length} rows, ${cells} cells, ${wrong.length} wrong`)
process.exitCode = wrong.length === 0 ? 0 : 1

function agreeing(cell: Cell, reference: Cell): Cell {
  const others = STEPS.filter((step) => cell.stamps[step] !== reference.stamps[step])
  return cell.isRight && others.length > 0 ? { ...cell, isRight: false, verdict: `DISAGREES ${others}` } : cell
}

function seconds(cells: readonly Cell[]): string {
  return (cells.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(0)
}

function width(column: number, lines: readonly (readonly string[])[]): number {
  return Math.max(...lines.map((line) => line[column]!.length))
}
