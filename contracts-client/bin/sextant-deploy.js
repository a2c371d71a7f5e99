#!/usr/bin/env node
import '../dist/cli/deploy/main.js';
