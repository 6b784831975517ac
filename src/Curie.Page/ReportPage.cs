using System.Reflection;
using System.Text;
using Curie.Numerics;
using Curie.Numerics.Files;

namespace Curie.Page;

/// <summary>The report as one HTML file, which needs no other file and no network.</summary>
public static class ReportPage
{
    private const string Resource = "Curie.Page.report.html";
    private const string DataMark = "__CURIE_DATA__";
    private const string ArraysMark = "__CURIE_ARRAYS__";

    /// <summary>Whether this build of Curie holds the page's template.</summary>
    public static bool IsAvailable => typeof(ReportPage).Assembly.GetManifestResourceInfo(Resource) is not null;

    /// <summary>Refuses where there is no template.</summary>
    /// <exception cref="InputException">This build holds none.</exception>
    public static void RequireTemplate()
    {
        if (!IsAvailable)
        {
            throw new InputException(
                "this build of Curie has no report page, because Node.js 20.19 or later was missing when it was built; install Node.js "
                    + "with npm and build Curie again."
            );
        }
    }

    /// <summary>Writes a page, whole or not at all.</summary>
    /// <param name="path">The HTML file.</param>
    /// <param name="payload">What it shows.</param>
    /// <returns>The size of the file in bytes.</returns>
    /// <exception cref="InputException">There is no template, or the file cannot be written.</exception>
    public static long Write(string path, PagePayload payload)
    {
        RequireTemplate();
        byte[] page = Encoding.UTF8.GetBytes(Fill(Template(), payload.ToJson(), payload.ArraysInBase64()));
        AtomicFile.Write(path, stream => stream.Write(page));
        return page.LongLength;
    }

    /// <summary>
    /// Puts the data into the template. JSON comes in ASCII with &lt;, &gt;, &amp; and quotes as \u escapes, so nothing in it can end the
    /// element that it stands in.
    /// </summary>
    internal static string Fill(string template, string data, string arrays)
    {
        // Only the template is searched, so that data may hold the marks.
        int dataAt = template.IndexOf(DataMark, StringComparison.Ordinal);
        int arraysAt = template.IndexOf(ArraysMark, StringComparison.Ordinal);
        return string.Concat(
            template[..dataAt],
            data,
            template[(dataAt + DataMark.Length)..arraysAt],
            arrays,
            template[(arraysAt + ArraysMark.Length)..]
        );
    }

    private static string Template()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
