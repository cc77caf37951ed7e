// `npm run bench [name...]`: every speed claim of this repository, as a ratio against a peer or a floor measured in the same run.

import { readdirSync } from 'node:fs'

const here = new URL('.', import.meta.url)
const named = process.argv.slice(2)
const all = readdirSync(here).filter((f) => f.endsWith('.bench.js'))
const chosen = all.filter((f) => named.length === 0 || named.some((n) => f.startsWith(n)))
if (chosen.length === 0) {
  process.stderr.write(`no bench is named so; there are ${all.map((f) => f.replace('.bench.js', '')).join(', ')}\n`)
  process.exit(2)
}
for (const file of chosen) {
  process.stdout.write(`${file.replace('.bench.js', '')}\n`)
  const bench = (await import(new URL(file, here).href)) as { run: () => Promise<void> }
  await bench.run()
}
