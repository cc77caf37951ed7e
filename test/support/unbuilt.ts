// Programs without a build, as processes of their own.

import path from 'node:path'
import { openWorkbench, REPOSITORY, type Workbench } from './workbench.js'

export const MINTMARK = path.join(REPOSITORY, 'dist/cli/main.js')

export type Files = Readonly<Record<string, string>>

export function inProject(files: Files, use: (bench: Workbench) => void): void {
  const bench = openWorkbench()
  try {
    bench.write(files)
    use(bench)
  } finally {
    bench.remove()
  }
}
