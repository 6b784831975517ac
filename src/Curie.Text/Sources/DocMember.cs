using System.Xml.Linq;

namespace Curie.Text.Sources;

/// <summary>A documented member: its name taken apart, and its XML.</summary>
internal sealed record DocMember(MemberName Name, XElement Xml);
