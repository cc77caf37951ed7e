// `tspc --build`, which makes a program only of projects in which it sees a change: of one project, and of three that reference each other.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { build, type Mode, testMode, withProject } from './support/tspc-modes.js'
import { onePackage, threePackages } from './support/tspc-projects.js'

const MODES: readonly Mode[] = [
  { name: '--build', project: onePackage({ composite: true }, 'commonjs'), args: ['-b'] },
  { name: '--build over references', project: threePackages(), args: ['-b'] },
]
MODES.forEach(testMode)

test('--build leaves a project alone whose stamps rest on nothing but its sources', () => {
  const project = onePackage({ composite: true })
  const flow = "import { memoize } from 'mintmark'\nimport { inner } from './inner.js'\nexport const f = memoize(async () => inner(2))\n"
  const files = { ...project.files, 'src/flow.ts': flow, 'src/outer.ts': 'export {}' }
  withProject({ ...project, files }, (bench) => {
    build(bench, { name: '', project, args: ['-b'] })
    const { affectedFilesPendingEmit } = JSON.parse(bench.read('tsconfig.tsbuildinfo'))
    assert.is(affectedFilesPendingEmit, undefined)
  })
})

test.run()
