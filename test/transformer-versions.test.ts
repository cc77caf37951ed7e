// What is internal to a compiler, guarded in each version of it that is not the repository's own: the version of a source file, and what is
// noted in `.tsbuildinfo`.

import { test } from 'uvu'
import { testMode } from './support/tspc-modes.js'
import { onePackage, threePackages } from './support/tspc-projects.js'

for (const typescript of ['typescript-5.4', 'typescript-6']) {
  testMode({
    name: `incremental with declarations, ${typescript}`,
    project: onePackage({ incremental: true, declaration: true }),
    args: ['-p', '.'],
    typescript,
  })
  testMode({ name: `--build over references, ${typescript}`, project: threePackages(), args: ['-b'], typescript })
}

test.run()
