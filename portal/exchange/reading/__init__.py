"""Tables as people make them: told by their content, opened only when that is sane, read row by row.

`kinds` says what a file is, `tables` opens it, `headings` finds the heading, `rows` tells data from sections, totals
and signatures, `letters` knows old Vietnamese codes and lost letters, `cells` mends them, `reader` puts it together.
What was not read is said, with its count.
"""
