"""Writing a program: from the fields that an operation selects to Python functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetailsList,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from navis_api.graphql.at_hand import WAIT
from navis_api.graphql.compiled.arguments import ConvertedArguments, SimpleArguments
from navis_api.graphql.compiled.completion import Completion, definition_of
from navis_api.graphql.compiled.core import is_of_type, named_type_of, type_of
from navis_api.graphql.compiled.errors import NotCompiled, null
from navis_api.graphql.compiled.fields import (
    CompiledField,
    attribute_of,
    resolver_of,
    strawberry_field,
)
from navis_api.graphql.compiled.leaves import Names
from navis_api.graphql.compiled.remembered import kept_questions, lists_questions, remember
from navis_api.graphql.compiled.unchanging import (
    is_unchanging,
    selection_text,
    unchanging_list,
)
from navis_api.graphql.remembered import RememberedQuestion, RememberedQuestions

_Place = tuple[str, tuple[int, ...]]
"""Where objects of a type are selected: the nodes, by their ids."""

MAX_FIELDS = 3_000
"""Fields that one program may have, fragments multiplied out: more would cost too much to write."""


@dataclass(frozen=True, slots=True)
class Program:
    """An operation for one set of conditions, ready to be run."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    root: Callable[..., dict[str, Any]]
    resolvers: list[CompiledField]


class ProgramWriter:
    """Writes one program. `conditions` has the values of the variables that decide."""

    def __init__(
        self,
        schema: GraphQLSchema,
        converter: GraphQLCoreConverter,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        conditions: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._converter = converter
        self._operation = operation
        self._fragments = fragments
        self._conditions = VariableValues({}, dict(conditions))
        self._names: Names = {"null": null, "WAIT": WAIT}
        self._completion = Completion(schema, self._names)
        self._lines: list[str] = []
        self._resolvers: list[CompiledField] = []
        self._functions: dict[_Place, str] = {}
        self._remembered: dict[_Place, str] = {}
        self._fields = 0

    def write(self) -> Program:
        """Return the program. Raises NotCompiled; GraphQLError for a condition without a value."""
        root_type = self._schema.query_type
        assert root_type is not None, "there is a Query"
        selected = collect_fields(
            self._schema,
            {name: FragmentDetails(found) for name, found in self._fragments.items()},
            self._conditions,
            root_type,
            self._operation,
        )
        self._write_function("root", root_type, _plain(selected))
        code = compile("\n".join(self._lines), "<compiled query>", "exec")
        exec(code, self._names)  # noqa: S102 - what is written here holds names alone, of ours or checked by the parser
        self._completion.link()
        root: Any = self._names["root"]
        return Program(self._schema, self._operation, self._fragments, root, self._resolvers)

    def _function(self, type_: GraphQLObjectType, details: FieldDetailsList) -> str:
        """Return the name of the function for objects of a type that are selected there."""
        key = _place(type_, details)
        if key not in self._functions:
            self._functions[key] = name = f"object_{len(self._functions)}"
            selected = self._selected(type_, details)
            self._write_function(name, type_, selected, self._remembered.get(key))
        return self._functions[key]

    def _selected(self, type_: GraphQLObjectType, details: FieldDetailsList) -> GroupedFieldSet:
        """Return what is selected of an object of this type."""
        return _plain(
            collect_subfields(
                self._schema,
                {name: FragmentDetails(found) for name, found in self._fragments.items()},
                self._conditions,
                self._operation,
                type_,
                details,
            )
        )

    def _write_function(
        self,
        name: str,
        type_: GraphQLObjectType,
        selected: GroupedFieldSet,
        remembered: str | None = None,
    ) -> None:
        """Write the function that makes the dictionary of an object.

        `remembered` is what is selected, where that is kept of the questions of a list.
        """
        self._fields += len(selected)
        if self._fields > MAX_FIELDS:
            raise NotCompiled("size")
        reads, entries, starts = self._checked(type_), list[str](), list[str]()
        waits: list[str] = []
        begin = "begin" if name == "root" else "start"
        for number, (key, details) in enumerate(selected.items()):
            field_name, value = details[0].node.name.value, f"v{number}"
            if field_name == "__typename":
                entries.append(f"{key!r}: {type_.name!r}")
                continue
            read, is_async, at_hand = self._reading(type_, field_name, details)
            completed = self._completed(type_, field_name, value, details)
            if is_async:
                complete = f"complete_{len(self._names)}"
                self._names[complete] = None
                self._lines += [f"def {complete}({value}, run):", f"    return {completed}"]
                start = f"run.{begin}({read}, out, {key!r}, {complete})"
                if at_hand is None:
                    entries.append(f"{key!r}: None")
                    starts.append(f"    {start}")
                else:
                    reads.append(f"    {value} = {at_hand}")
                    entries.append(f"{key!r}: None if {value} is WAIT else {completed}")
                    starts.append(f"    if {value} is WAIT: {start}")
                    waits.append(f"{value} is WAIT")
                continue
            selection = self._unchanging(type_, field_name, details)
            if selection is not None:
                complete, kept = f"complete_{len(self._names)}", f"selection_{len(self._names)}"
                self._names |= {complete: None, kept: selection, "unchanging": unchanging_list}
                self._lines += [f"def {complete}(o, run):", f"    {value} = {read}"]
                self._lines += [f"    return {completed}"]
                entries.append(f"{key!r}: unchanging(o, run, {kept}, {complete})")
            else:
                reads.append(f"    {value} = {read}")
                entries.append(f"{key!r}: {completed}")
        made = "{" + ", ".join(entries) + "}"
        end = [f"    out = {made}", *starts, "    return out"] if starts else [f"    return {made}"]
        if remembered is not None:
            kept = f"selection_{len(self._names)}"
            self._names |= {kept: remembered, "Remembered": RememberedQuestion}
            self._names["remember"] = remember
            reads.insert(0, "    if type(o) is Remembered: return o.written")
            has_waited = " or ".join(waits) or "False"
            end[-1] = f"    return out if {has_waited} else remember(out, o, run, {kept})"
            if not starts:
                end = [f"    return remember({made}, o, run, {kept})"]
        self._lines += [f"def {name}(o, run):", *reads, *end]

    def _unchanging(
        self, type_: GraphQLObjectType, field_name: str, details: FieldDetailsList
    ) -> str | None:
        """Return what is selected of a list that may be kept once it is complete; None: not so."""
        definition = type_.fields[field_name]
        if definition.args or not is_unchanging(strawberry_field(definition)):
            return None
        below = selection_text(named_type_of(definition), details, self._selected)
        return f"{field_name}{below}" if below is not None else None

    def _checked(self, type_: GraphQLObjectType) -> list[str]:
        """Return the check that an object is of its type, where Strawberry checks it."""
        if type_.is_type_of is None:
            return []
        class_, check = f"class_{type_.name}", f"check_{type_.name}"

        def checked(value: object) -> None:
            if not is_of_type(type_, value):
                raise NotCompiled("type")

        self._names[class_] = definition_of(type_).origin
        self._names[check] = checked
        return [f"    if type(o) is not {class_}: {check}(o)"]

    def _completed(
        self, type_: GraphQLObjectType, field_name: str, value: str, details: FieldDetailsList
    ) -> str:
        definition = type_.fields[field_name]
        completed = self._completion.expression(
            type_of(definition), value, lambda below: self._function(below, details)
        )
        if _place(named_type_of(definition), details) not in self._remembered:
            return completed
        # Of a page that was shown before, everything is there already.
        self._names["Page"] = RememberedQuestions
        return f"({value}.written if type({value}) is Page else {completed})"

    def _reading(
        self, type_: GraphQLObjectType, field_name: str, details: FieldDetailsList
    ) -> tuple[str, bool, str | None]:
        """Return the expression that reads a field, and whether it has to be awaited.

        With it the expression for what is there without waiting, where the field has one.
        """
        definition = type_.fields.get(field_name)
        if definition is None:
            raise NotCompiled("introspection")
        field = strawberry_field(definition)
        attribute = attribute_of(field)
        if attribute is not None:
            return f"o.{attribute}", False, None
        nodes = [each.node for each in details]
        remembered = self._kept_questions(definition, field, details)
        compiled = resolver_of(
            type_, definition, nodes, field, self._converter, remembered=remembered
        )
        place = len(self._resolvers)
        self._resolvers.append(compiled)
        self._names[f"resolver_{place}"] = compiled.function
        arguments = ["o"] if compiled.takes_self else []
        arguments += [f"{keyword}=o" for keyword in compiled.parent_keywords]
        if compiled.info_keyword is not None:
            arguments.append(f"{compiled.info_keyword}=run.infos[{place}]")
        if isinstance(compiled.arguments, SimpleArguments):
            arguments.append(f"**run.arguments[{place}]")
        elif isinstance(compiled.arguments, ConvertedArguments):
            arguments.append(f"**run.converted({place})")
        called = f"({', '.join(arguments)})"
        at_hand = None
        if compiled.at_hand is not None:
            self._names[f"at_hand_{place}"] = compiled.at_hand
            at_hand = f"at_hand_{place}{called}"
        return f"resolver_{place}{called}", compiled.is_async, at_hand

    def _kept_questions(
        self, definition: GraphQLField, field: StrawberryField, details: FieldDetailsList
    ) -> str | None:
        """Return what is selected of the questions of a list that may be kept; None: not so."""
        if not lists_questions(field):
            return None
        found = kept_questions(named_type_of(definition), details, self._selected)
        if found is None:
            return None
        place, selection = found
        self._remembered[_place(*place)] = selection
        return selection


def _place(type_: GraphQLObjectType, details: FieldDetailsList) -> _Place:
    return type_.name, tuple(id(each.node) for each in details)


def _plain(selected: CollectedFields) -> GroupedFieldSet:
    """Return what is selected. Raises NotCompiled where a part is deferred."""
    if selected.new_defer_usages:
        raise NotCompiled("directive")
    return selected.grouped_field_set
