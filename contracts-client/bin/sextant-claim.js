#!/usr/bin/env node
import '../dist/cli/claim/main.js';
