"""What each question that is made is made of: which seed, which words, which keys; in SQL."""

PLAN = """
CREATE TABLE bench.words (kind text, number int, word text, lexeme text, stem text,
                          PRIMARY KEY (kind, number));
CREATE TABLE bench.seeds AS
    SELECT c.sequence - 1 AS number, a.question_id AS question, a.id AS answer, r.id AS revision
    FROM published_changes c
    JOIN answers a ON a.id = c.answer_id
    JOIN answer_revisions r ON r.answer_id = a.id;

-- Version 7, as the service's own keys are: they grow with time.
CREATE FUNCTION bench.key(kind text, number bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS $$
    SELECT (lpad(to_hex(1761998400000 + number * 20000), 12, '0') || '7'
            || substr(digest, 1, 3) || '8' || substr(digest, 4, 15))::uuid
    FROM md5(kind || number) AS digest
$$;
CREATE FUNCTION bench.id(type text, key uuid) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT encode(convert_to(type || ':' || key, 'UTF8'), 'base64')
$$;
CREATE FUNCTION bench.moment(at timestamptz) RETURNS text STABLE LANGUAGE sql AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
$$;

-- Question number n is seed n mod (count of seeds) in another variant.
CREATE FUNCTION bench.variant(number bigint, seed bigint)
RETURNS TABLE (kind text, chosen bigint) IMMUTABLE LANGUAGE sql AS $$
    VALUES ('occupation', number % 50),
           ('place', (number / 50 + number) % 50),
           ('hobby', (number * 7 + seed) % 50)
$$;
CREATE VIEW bench.made AS
    SELECT n.n, s.question AS seed_question, s.answer AS seed_answer, s.revision AS seed_revision,
           bench.key('question', n.n) AS question, bench.key('answer', n.n) AS answer,
           bench.key('revision', n.n) AS revision,
           from_.at AS seed_at, from_.at + n.n * interval '20 seconds' AS at,
           f.words || ARRAY[s.question::text, s.answer::text, s.revision::text,
               bench.id('Question', s.question), bench.id('Answer', s.answer),
               bench.moment(from_.at)] AS find,
           p.words || ARRAY[bench.key('question', n.n)::text, bench.key('answer', n.n)::text,
               bench.key('revision', n.n)::text,
               bench.id('Question', bench.key('question', n.n)),
               bench.id('Answer', bench.key('answer', n.n)),
               bench.moment(from_.at + n.n * interval '20 seconds')] AS put,
           f.lexemes AS lexemes_find, p.lexemes AS lexemes_put
    FROM (SELECT count(*) AS seeds FROM bench.seeds) c,
         (SELECT timestamptz :published_at AS at) from_,
         bench.numbers n
         JOIN LATERAL (SELECT n.n % c.seeds AS seed, n.n / c.seeds AS variant) v ON true
         JOIN bench.seeds s ON s.number = v.seed
         JOIN LATERAL (
             SELECT array_agg(w.word ORDER BY w.kind) || lower(max(w.word)
                        FILTER (WHERE w.kind = 'place')) AS words,
                    array_agg('''slot:wording:' || w.stem || '''' ORDER BY w.kind)
                    || array_agg('''' || w.lexeme || '''' ORDER BY w.kind) AS lexemes
             FROM bench.words w WHERE w.number = 0
         ) f ON true
         JOIN LATERAL (
             SELECT array_agg(w.word ORDER BY w.kind) || lower(max(w.word)
                        FILTER (WHERE w.kind = 'place')) AS words,
                    array_agg('''slot:wording:' || w.stem || '''' ORDER BY w.kind)
                    || array_agg('''' || w.lexeme || '''' ORDER BY w.kind) AS lexemes
             FROM bench.variant(v.variant, v.seed) x
             JOIN bench.words w ON w.kind = x.kind AND w.number = x.chosen
         ) p ON true;

CREATE FUNCTION bench.told(said text, find text[], put text[]) RETURNS text
IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
    FOR at IN 1 .. cardinality(find) LOOP
        said := replace(said, find[at], put[at]);
    END LOOP;
    RETURN said;
END $$;
"""
"""`:published_at` stands for when the seeds were published, as a literal."""
