/** What the console's pages do that htmx cannot. Everything else works without this file. */
