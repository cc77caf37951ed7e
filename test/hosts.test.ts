// The pages of docs/hosts, followed to the letter: those on bundlers.

import { test } from 'uvu'
import { testPage } from './support/host-pages.js'

;['esbuild', 'vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'vitest'].forEach(testPage)

test.run()
