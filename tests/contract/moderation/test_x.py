from tests.contract.moderation.ground import cases, done


async def test_x(ground):
    g = ground
    print("KICK", repr(await g.order("Mo", "/kick {Ben} out")), g.inside("Ben"))
    g.comes("Ben")
    print("BAN", repr(await g.order("Mo", "/ban {Ben} 7d out")), g.inside("Ben"), g.comes("Ben"))
    print("BTN", g.buttons("Mo"))
    print("UNBAN", repr(await g.order("Mo", "/unban {Ben}")), g.comes("Ben"))
    print("LOCK", repr(await g.order("Mo", "/lock 1h")), g.writes("Ben"))
    print("UNLOCK", repr(await g.order("Ana", "/unlock")), g.writes("Ben"))
    print("OWNER", repr(await g.order("Mo", "/warn {Ana}")))
    print("ADMIN", repr(await g.order("Mo", "/kick {Ada}")))
    print("ADMINid", repr(await g.order("Mo", f"/kick {g.id('Ada')}")))
    print("BEN", repr(await g.order("Ben", "/warn {Mo}")))
    print("CLEO", repr(await g.order("Cleo", "/warn {Mo}")))
    print("REPORT", repr(await g.order("Cleo", "/report {Mo} is rude")), await g.surface.news("Cleo"))
    print("NEWS", await g.surface.news("Ana"), g.surface.buttons("Ana"))
    print("CLEO", repr(await g.order("Mo", f"/ban {g.id('Cleo')}")), g.inside("Cleo"))
    print("SLOW", repr(await g.order("Mo", "/slowmode 30s")))
    print(g.reasons(), cases(g.house))
