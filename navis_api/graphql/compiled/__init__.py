"""Compiled execution of queries: the same answers as graphql-core's, for less work per field.

graphql-core looks a field up, coerces its arguments, builds its `Info`, calls two or three
wrappers of Strawberry's and completes its value, for every field of every object of every
request. All of that is the same each time a document is executed, so here it is done once:
a document becomes a Python function for each object it selects, which reads attributes, calls
the *same* resolver functions with arguments that are ready, and returns the dictionary.

    def object_3(o, run):                    # Citation { number quote source { title } }
        v0 = o.number
        v1 = o.quote
        v2 = o.source
        return {
            "number": v0 if type(v0) is int and ... else leaf_Int(v0),
            "quote": v1 if type(v1) is str else leaf_String(v1),
            "source": object_4(v2, run) if v2 is not None else null(),
        }

**Whatever can go wrong is graphql-core's.** Errors, null propagation, paths and messages are
never made here. What isn't supported (mutations, subscriptions, introspection, directives
other than @skip and @include, …), and any exception while executing, make `execute` return
None, and the caller executes the operation with graphql-core, from its beginning and with fresh
loaders. Queries only read, so executing one twice is right; the few whose reading is recorded
are marked (`graphql/recorded.py`) and never compiled.

Where to find what:

- `queries`: what the rest of the house uses; keeps the programs of each document.
- `conditions`: which variables decide what is selected; a program is for one set of their values.
- `variables`, `arguments`: coercion, as far as it can be done ahead.
- `writer`, `completion`, `leaves`: write the functions above.
- `fields`: what a field of the schema reads or calls, or why it can't be compiled.
- `unchanging`: lists of content that never changes, completed once for a selection.
- `remembered`: questions of lists, kept as they are shown for as long as their rows are the same.
- `running`: one execution; awaits what has to be awaited, all of it at the same time.
- `info`: the `Info` that resolvers are given.

The differential test (`tests/graphql/compiled/`) compares both executions over random queries.
See `docs/decisions/0020-compiled-execution.md`.
"""
