// What `import 'mintmark'` with the fs store adds to an empty script. Whole processes, in turn.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { median, report } from './support/figures.js'
import { type Cost, cost } from './support/processes.js'

const ROUNDS = 25
/** What the package hands out. */
const INDEX = import.meta.resolve('mintmark')

export async function run(): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-bench-'))
  try {
    const [empty, full] = [path.join(dir, 'empty.mjs'), path.join(dir, 'full.mjs')]
    writeFileSync(empty, '')
    writeFileSync(full, `import { fsStore } from ${JSON.stringify(INDEX)}\nfsStore()\n`)
    const ours: Cost[] = []
    const floor: Cost[] = []
    for (let i = 0; i < ROUNDS; i++) {
      floor.push(cost([empty], dir))
      ours.push(cost([full], dir))
    }
    for (const key of ['wallMs', 'userMs'] as const) {
      const bare = median(floor.map((c) => c[key]))
      const over = median(ours.map((c, i) => c[key] - floor[i]![key]))
      report(`import over an empty script, ${key}`, over, 'the empty script', bare, over / bare)
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
