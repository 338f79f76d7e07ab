//! The served schema, for tests that visit all of it.

use async_graphql::{
    Positioned,
    parser::{
        parse_schema,
        types::{BaseType, FieldDefinition, Type, TypeKind, TypeSystemDefinition},
    },
};
use std::collections::BTreeMap;

pub struct Schema(BTreeMap<String, TypeKind>);

impl Schema {
    /// Returns the schema of this version.
    pub fn read() -> Self {
        Self::parse(&dossier::graphql::sdl())
    }

    /// Parses a schema.
    pub fn parse(sdl: &str) -> Self {
        let document = parse_schema(sdl).unwrap();
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(kind) => Some((kind.node.name.node.to_string(), kind.node.kind)),
            _ => None,
        });
        Self(types.collect())
    }

    pub fn kind(&self, name: &str) -> Option<&TypeKind> {
        self.0.get(name)
    }

    /// Returns all types with their names.
    pub fn types(&self) -> impl Iterator<Item = (&str, &TypeKind)> {
        self.0.iter().map(|(name, kind)| (name.as_str(), kind))
    }

    /// Returns the names of the object types.
    pub fn objects(&self) -> impl Iterator<Item = &str> {
        let objects = self.0.iter().filter(|(_, kind)| matches!(kind, TypeKind::Object(_)));
        objects.map(|(name, _)| name.as_str())
    }

    /// Returns the fields of an object or interface. Other types have none.
    pub fn fields(&self, name: &str) -> &[Positioned<FieldDefinition>] {
        match self.0.get(name) {
            Some(TypeKind::Object(object)) => &object.fields,
            Some(TypeKind::Interface(interface)) => &interface.fields,
            _ => &[],
        }
    }

    /// Returns the possible object types of a type.
    pub fn possible(&self, name: &str) -> Vec<&str> {
        match self.0.get(name) {
            Some(TypeKind::Object(_)) => vec![self.0.get_key_value(name).unwrap().0],
            Some(TypeKind::Union(union)) => union.members.iter().map(|member| member.node.as_str()).collect(),
            Some(TypeKind::Interface(_)) => self.objects().filter(|object| self.implements(object, name)).collect(),
            _ => Vec::new(),
        }
    }

    fn implements(&self, object: &str, interface: &str) -> bool {
        let Some(TypeKind::Object(object)) = self.0.get(object) else { return false };
        object.implements.iter().any(|implemented| implemented.node == interface)
    }

    /// Returns whether a value needs a selection.
    pub fn is_composite(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_)))
    }
}

/// Returns the type inside of all lists.
pub fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => base(item),
    }
}
