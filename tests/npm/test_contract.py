"""The schema as compilers of clients read it: Relay's, and the one that Apollo recommends.

Apollo's own generators for Swift and Kotlin run on Xcode and Gradle; here it is GraphQL
Code Generator, whose TypeScript is compiled.
"""

import re
import shutil
from pathlib import Path

import pytest

from tests.npm.operations import modules, registered, written
from tests.npm.packages import FOLDER, SCHEMA, printed_by

RELAY_COMPILER = FOLDER / "node_modules" / "relay-compiler" / "cli.js"
TYPESCRIPT = FOLDER / "node_modules" / "typescript" / "bin" / "tsc"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which the packages are found, as in an app's."""
    (tmp_path / "node_modules").symlink_to(FOLDER / "node_modules")
    return tmp_path


async def compiled_by_relay(folder: Path) -> int:
    """Run Relay's compiler over what is in a folder, and return how many documents it compiled."""
    shutil.copy(SCHEMA, folder / "schema.graphql")
    shutil.copy(FOLDER / "relay" / "relay.config.json", folder)
    printed = await printed_by(RELAY_COMPILER, "relay.config.json", folder=folder)
    assert not re.search("ERROR|WARN", printed), printed
    compiled = re.search(r"(\d+) normalization", printed)
    assert compiled is not None, printed
    return int(compiled[1])


async def test_relay_compiles_its_own_way_of_paging_and_its_runtime_reads_it(
    address: str, folder: Path
) -> None:
    shutil.copytree(FOLDER / "relay", folder, dirs_exist_ok=True)

    assert await compiled_by_relay(folder) == 11

    assert await printed_by("relay.mjs", address, str(folder / "__generated__")) == ""


async def test_relay_compiles_every_operation_in_tests_and_documents(folder: Path) -> None:
    operations = 0
    # Relay takes these directives on named fragments and on lists of objects alone.
    whole = [text for text in written() if "@defer" not in text and "@stream" not in text]
    for module, definitions in modules(whole).items():
        tagged = [f"graphql`\n{definition}\n`;\n" for definition in definitions]
        text = 'import { graphql } from "relay-runtime";\n\n' + "\n".join(tagged)
        (folder / f"{module}.ts").write_text(text)
        operations += sum(not each.startswith("fragment") for each in definitions)

    assert await compiled_by_relay(folder) == operations > 100


async def test_relay_refuses_what_the_schema_does_not_have(folder: Path) -> None:
    text = 'import { graphql } from "relay-runtime";\ngraphql`query OneQuery { nothing }`;\n'
    (folder / "One.ts").write_text(text)

    with pytest.raises(AssertionError, match="`Query` has no field `nothing`"):
        await compiled_by_relay(folder)


async def test_the_generated_types_are_what_an_app_builds_on(folder: Path) -> None:
    shutil.copytree(FOLDER / "app", folder, dirs_exist_ok=True)
    generated = folder / "operations.ts"
    await printed_by("codegen.mjs", str(SCHEMA), str(folder / "operations.graphql"), str(generated))

    assert await printed_by(TYPESCRIPT, "--project", str(folder), folder=folder) == ""

    # The compiler does look: an answer without its title is an error in the app.
    types = generated.read_text()
    generated.write_text(types.replace("title: string", "headline: string"))
    with pytest.raises(AssertionError, match="Property 'title' does not exist"):
        await printed_by(TYPESCRIPT, "--project", str(folder), folder=folder)


async def test_types_are_generated_for_every_operation_also_of_registered_clients(
    folder: Path,
) -> None:
    shutil.copy(FOLDER / "app" / "tsconfig.json", folder)
    texts = [*written(), *registered()]
    definitions = [each for module in modules(texts).values() for each in module]
    documents = folder / "every.graphql"
    documents.write_text("\n\n".join(definitions))
    generated = folder / "every.ts"
    await printed_by("codegen.mjs", str(SCHEMA), str(documents), str(generated))

    assert await printed_by(TYPESCRIPT, "--project", str(folder), folder=folder) == ""
    for definition in definitions:
        name = re.match(r"\w+ (\w+)", definition)
        assert name is not None
        assert f"export type {name[1]}" in generated.read_text(), name[1]
